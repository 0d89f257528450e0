import { describe, expect, it } from 'vitest';
import { changed, complaints, errorOf, least } from './fixtures.ts';

/** [what is wrong, text of the least scenario replaced, by what, the only complaint]. Lines and columns are those of the changed text. */
const corpus: readonly (readonly [string, string, string, string])[] = [
  [
    'a sample of requests that flow',
    'horizon: 12h',
    'horizon: 12h\nsample: 10%',
    '4:9 sample: there are no single requests to take a sample of: it belongs to fidelity: request',
  ],
  [
    'a pod of more cores than any machine has',
    'service: { time: 8ms }',
    'service: { time: 8ms }, pod: { cpu: 1000000000 }',
    '6:49 apps.shop.pod.cpu: read 1000000000: must be at most 100,000 cores',
  ],
  [
    'exponential service times that do not vary',
    'service: { time: 8ms }',
    'service: { time: 8ms, cv: 0, distribution: exponential }',
    '6:56 apps.shop.service.distribution: exponential service times have the cv 1, not 0',
  ],
  [
    'deterministic service times that vary',
    'service: { time: 8ms }',
    'service: { time: 8ms, cv: 0.5, distribution: deterministic }',
    '6:58 apps.shop.service.distribution: deterministic service times have the cv 0, not 0.5',
  ],
  [
    'hyper-exponential service times that vary too little',
    'service: { time: 8ms }',
    'service: { time: 8ms, cv: 1, distribution: hyper-exponential }',
    '6:56 apps.shop.service.distribution: hyper-exponential service times have a cv above 1, not 1',
  ],
  [
    'an image whose unit is that of a bandwidth',
    'service: { time: 8ms }',
    'service: { time: 8ms }, image: { size: 1.5GB }',
    '6:52 apps.shop.image.size: read "1.5GB": write 1.5G',
  ],
  [
    'an image on more nodes than there are',
    'service: { time: 8ms }',
    'service: { time: 8ms }, image: { size: 2Gi, preheated: 120% }',
    '6:68 apps.shop.image.preheated: read "120%": must be at most 100%',
  ],
  [
    'a registry that delivers nothing',
    'static-peak:',
    'static-peak: { registry: { bandwidth: 0GB/s } }',
    '11:41 strategies.static-peak.registry.bandwidth: read "0GB/s": must be greater than 0',
  ],
  [
    'a start that no node could give its CPU',
    'service: { time: 8ms }',
    'service: { time: 8ms }, startupCpu: 80',
    '6:49 apps.shop.startupCpu: no node can give 80 cores: the largest has 64 cores',
  ],
  [
    'more noise than fits into memory',
    'horizon: 12h',
    'horizon: 400d\ndefaults: { noise: { sigma: 5%, interval: 1s } }',
    '4:43 apps.shop.noise.interval: 69 million steps of noise in all 2 apps: at most 50 million; take a longer interval, or a shorter horizon',
  ],
  [
    'a misspelt key at the top',
    'horizon: 12h',
    'horizon: 12h\nplatfrom: {}',
    '4:1 platfrom: unknown key; known keys: name, start, horizon, seed, replications, fidelity, sample, load, cluster, platform, defaults, apps, groups, faults, strategies, results, prices, limits, extends, $schema [platform]',
  ],
  [
    'a misspelt key deep down',
    'time: 8ms',
    'tiem: 8ms, time: 8ms',
    '6:24 apps.shop.service.tiem: unknown key; known keys: time, timeout, cv, wait, distribution, discipline, balancer [time]',
  ],
  [
    'a missing key',
    'service: { time: 8ms }',
    'service: {}',
    '6:13 apps.shop.service.time: missing: expected a duration such as 15s or 1h30m or 250ms',
  ],
  [
    'a missing section of an app',
    ', traffic: { pulse: { at: 07:00, rise: 20m, hold: 20m, halve: 10m, peak: 30000/s, base: 1500/s } }',
    '',
    '7:3 apps.forest.traffic: missing: expected a mapping with constant, piecewise, daily, pulse, festival, trace, sum, scale, shift, clip',
  ],
  [
    'a missing top section',
    'cluster: { nodes: 40, node: { cpu: 64, memory: 256Gi } }\n',
    '',
    '1:1 cluster: missing: expected a mapping with nodes, node, pools, zones, network',
  ],
  ['an empty value', 'horizon: 12h', 'horizon:', '3:9 horizon: read nothing: expected a duration such as 15s or 1h30m or 250ms'],
  ['a bare number for a time', 'time: 8ms', 'time: 8', '6:30 apps.shop.service.time: read 8: add a unit: 8s, 8m or 8ms'],
  ['a bare number for a rate', 'base: 2000/s', 'base: 2000', '6:121 apps.shop.traffic.pulse.base: read 2000: add a unit: 2000/s'],
  ['a bare number for memory', 'memory: 256Gi', 'memory: 256', '4:48 cluster.node.memory: read 256: add a unit: 256Gi or 256Mi'],
  ['a near unit', 'memory: 256Gi', 'memory: 256GiB', '4:48 cluster.node.memory: read "256GiB": write 256Gi'],
  [
    'a share as a ratio',
    'static-peak:',
    'static-peak: { utilisation: 0.75 }',
    '11:31 strategies.static-peak.utilisation: read 0.75: write a share in percent: 75%',
  ],
  [
    'a share above 100%',
    'static-peak:',
    'static-peak: { utilisation: 175% }',
    '11:31 strategies.static-peak.utilisation: read "175%": must be at most 100%',
  ],
  [
    'a share of nothing',
    'static-peak:',
    'static-peak: { utilisation: 0% }',
    '11:31 strategies.static-peak.utilisation: read "0%": must be greater than 0',
  ],
  ['a negative number', 'nodes: 40', 'nodes: -1', '4:19 cluster.nodes: read -1: expected a whole number from 1 to 100000'],
  ['a fraction of a node', 'nodes: 40', 'nodes: 1.5', '4:19 cluster.nodes: read 1.5: expected a whole number from 1 to 100000'],
  ['NaN', 'nodes: 40', 'nodes: .nan', '4:19 cluster.nodes: read .nan: is not a finite number'],
  ['infinity', 'nodes: 40', 'nodes: .inf', '4:19 cluster.nodes: read .inf: is not a finite number'],
  ['a number beyond any float', 'nodes: 40', 'nodes: 1e999', '4:19 cluster.nodes: read 1e999: is not a finite number'],
  [
    'a number that would lose digits',
    'horizon: 12h',
    'horizon: 12h\nseed: 9007199254740993',
    '4:7 seed: read 9007199254740993: is too large to be held exactly',
  ],
  ['a horizon of nothing', 'horizon: 12h', 'horizon: 0s', '3:10 horizon: read "0s": must be greater than 0'],
  [
    'a start without offset',
    '20:00:00+08:00',
    '20:00:00',
    '2:8 start: read "2026-11-10T20:00:00": add the offset from UTC: 2026-11-10T20:00:00+08:00 or 2026-11-10T20:00:00Z',
  ],
  [
    'a start that never was',
    '2026-11-10',
    '2026-02-30',
    '2:8 start: read "2026-02-30T20:00:00+08:00": expected a date and time with its offset from UTC such as 2026-11-10T20:00:00+08:00',
  ],
  [
    'an offset beyond any zone',
    '+08:00',
    '+18:00',
    '2:8 start: read "2026-11-10T20:00:00+18:00": expected a date and time with its offset from UTC such as 2026-11-10T20:00:00+08:00',
  ],
  [
    'text for a switch',
    'forest: { service',
    'forest: { allowNoExclusive: yes, service',
    '7:31 apps.forest.allowNoExclusive: read "yes": expected true or false',
  ],
  [
    'a list for a mapping',
    'cluster: { nodes: 40, node: { cpu: 64, memory: 256Gi } }',
    'cluster: [40]',
    '4:1 cluster: read a list: expected a mapping with nodes, node, pools, zones, network',
  ],
  ['a mapping for a list', 'apps: [shop, forest]', 'apps: { shop: 1 }', '9:14 groups.morning.apps: read a mapping: expected a list'],
  [
    'a word that is no option',
    'horizon: 12h',
    'horizon: 12h\nresults: { detail: frist }',
    '4:20 results.detail: read "frist": expected none, first or all [first]',
  ],
  [
    'the wrong branch of a duration law',
    'horizon: 12h',
    'horizon: 12h\nplatform: { push: { median: 2s, p95: 4 } }',
    '4:38 platform.push.p95: read 4: add a unit: 4s, 4m or 4ms',
  ],
  [
    'a duration law of no kind',
    'horizon: 12h',
    'horizon: 12h\nplatform: { push: true }',
    '4:19 platform.push: read true: expected a duration such as 15s or 1h30m or 250ms',
  ],
  [
    'an unknown block of traffic',
    '{ pulse: { at: 00:00',
    '{ puls: { at: 00:00',
    '6:48 apps.shop.traffic.puls: unknown key; known keys: constant, piecewise, daily, pulse, festival, trace, sum, scale, shift, clip [pulse]',
  ],
  [
    'a surprise without a unit',
    'horizon: 12h',
    'horizon: 12h\ndefaults: { surprise: { timing: { earlier: 10 } } }',
    '4:44 defaults.surprise.timing.earlier: read 10: add a unit: 10s, 10m or 10ms',
  ],
  [
    'a surprise that is a bare factor',
    'horizon: 12h',
    'horizon: 12h\ndefaults: { surprise: { level: 145% } }',
    '4:32 defaults.surprise.level: read "145%": expected a mapping with factor, sigma',
  ],
  [
    'a wave of no kind',
    'horizon: 12h',
    'horizon: 12h\ndefaults: { surprise: { wave: { trase: {} } } }',
    '4:33 defaults.surprise.wave.trase: unknown key; known keys: constant, piecewise, daily, pulse, festival, trace, sum, scale, shift, clip [trace]',
  ],
  ['a clock time that is none', 'at: 00:00', 'at: 25:00', '6:61 apps.shop.traffic.pulse.at: read "25:00": there is no clock time 25:00'],
  [
    'a plan before the start',
    'at: 05:30',
    'at: 2026-11-10T19:00',
    '12:31 strategies.time-share.plan.0.at: read "2026-11-10T19:00": is 1h before the start',
  ],
  [
    'a plan beyond the horizon',
    'at: 05:30',
    'at: 09:30',
    '12:31 strategies.time-share.plan.0.at: read "09:30": is 13h30m after the start, beyond the horizon of 12h',
  ],
  [
    'an unknown app in a plan',
    'to: forest',
    'to: forst',
    '12:70 strategies.time-share.plan.0.to: there is no app "forst"; known: shop, forest [forest]',
  ],
  [
    'an unknown group in a plan',
    'group: morning',
    'group: mornings',
    '12:45 strategies.time-share.plan.0.group: there is no group "mornings"; known: morning [morning]',
  ],
  [
    'an unknown app in a group',
    'apps: [shop, forest]',
    'apps: [shop, wood]',
    '9:27 groups.morning.apps.1: there is no app "wood"; known: shop, forest',
  ],
  [
    'an app twice in a group',
    'apps: [shop, forest]',
    'apps: [shop, forest, shop]',
    '9:35 groups.morning.apps.2: shop is in this group already',
  ],
  ['a group of one', 'apps: [shop, forest]', 'apps: [shop]', '9:14 groups.morning.apps: has one app: sharing slots takes at least two'],
  [
    'an app in two groups',
    'groups:\n  morning: { apps: [shop, forest] }',
    '  spare: { service: { time: 1ms }, traffic: { constant: 1/s } }\ngroups:\n  morning: { apps: [shop, forest] }\n  late: { apps: [forest, spare] }',
    '11:18 groups.late.apps.0: forest is in group morning already: an app shares the slots of one group',
  ],
  [
    'an unknown strategy',
    'static-peak:',
    'static-peek:',
    '11:3 strategies.static-peek: there is no strategy "static-peek"; known: static-peak, time-share; a label of your own takes the name of its strategy as use: [static-peak]',
  ],
  [
    'an unknown strategy behind use',
    'static-peak:',
    'mine: { use: tmie-share }',
    '11:16 strategies.mine.use: there is no strategy "tmie-share"; known: static-peak, time-share [time-share]',
  ],
  [
    "a label that is another strategy's name",
    'static-peak:',
    'static-peak: { use: time-share }',
    '11:23 strategies.static-peak.use: the label static-peak is the name of another strategy than time-share: choose another label',
  ],
  [
    'an unknown option',
    'static-peak:',
    'static-peak: { utilization: 75% }',
    '11:18 strategies.static-peak.utilization: unknown key; known keys: utilisation, use, scheduler, registry, metrics, push, limitWrite, status, pushLoss, api, ratioRamp, steps, inspection, nodeLoss, information, changeWindows [utilisation]',
  ],
  [
    'a wrong override',
    'static-peak:',
    'static-peak: { scheduler: { rate: 5 } }',
    '11:37 strategies.static-peak.scheduler.rate: read 5: add a unit: 5/s',
  ],
  [
    'options that are no mapping',
    'static-peak:',
    'static-peak: 75%',
    '11:16 strategies.static-peak: read "75%": expected a mapping of options, or nothing',
  ],
  [
    'labels that differ by case',
    'static-peak:',
    'static-peak:\n  STATIC: { use: static-peak }\n  static: { use: static-peak }',
    '13:3 strategies.static: differs from STATIC by case only: the folders of their results would be one on some systems',
  ],
  [
    'a fault of no kind',
    'horizon: 12h',
    'horizon: 12h\nfaults: [{ node-los: { at: 23:00, for: 1m } }]',
    '4:12 faults.0.node-los: unknown key; known keys: node-loss, slow-node, slow-swap, agent-down, push-loss, scheduler-stall, api-stall, slow-registry [node-loss]',
  ],
  [
    'two faults in one entry',
    'horizon: 12h',
    'horizon: 12h\nfaults: [{ node-loss: { at: 23:00, for: 1m, nodes: 5% }, agent-down: { at: 23:00, for: 1m, nodes: 5% } }]',
    '4:10 faults.0: found node-loss and agent-down: one entry is one fault',
  ],
  [
    'a fault that begins neither at a time nor at random',
    'horizon: 12h',
    'horizon: 12h\nfaults: [{ node-loss: { for: 1m } }]',
    '4:12 faults.0.node-loss: give either at or mtbf',
  ],
  [
    'a fault that begins at a time and at random',
    'horizon: 12h',
    'horizon: 12h\nfaults: [{ node-loss: { at: 23:00, mtbf: 10h, for: 1m } }]',
    '4:12 faults.0.node-loss: give either at or mtbf',
  ],
  [
    'a fault at a time that says not where',
    'horizon: 12h',
    'horizon: 12h\nfaults: [{ node-loss: { at: 23:00, for: 1m } }]',
    '4:12 faults.0.node-loss: say which: nodes: [names], nodes: 5%, zone: name, or nodes: 100% for all of them',
  ],
  [
    'a fault of a node that does not exist',
    'horizon: 12h',
    'horizon: 12h\nfaults: [{ node-loss: { at: 23:00, for: 1m, nodes: [zone-1-40] } }]',
    '4:53 faults.0.node-loss.nodes.0: there is no node "zone-1-40"; known: zone-1-0, zone-1-1, zone-1-2, zone-1-3, zone-1-4, zone-1-5, … (40 in all) [zone-1-0]',
  ],
  [
    'a fault of a zone that does not exist',
    'horizon: 12h',
    'horizon: 12h\nfaults: [{ slow-node: { at: 23:00, for: 1m, zone: zone-2, speed: 50% } }]',
    '4:51 faults.0.slow-node.zone: there is no zone "zone-2"; known: zone-1 [zone-1]',
  ],
  [
    'a fault of named nodes and of a zone',
    'horizon: 12h',
    'horizon: 12h\nfaults: [{ agent-down: { at: 23:00, for: 1m, zone: zone-1, nodes: [zone-1-0] } }]',
    '4:52 faults.0.agent-down.zone: nodes that are named need no zone',
  ],
  [
    'a fault of no node',
    'horizon: 12h',
    'horizon: 12h\nfaults: [{ agent-down: { at: 23:00, for: 1m, nodes: 0% } }]',
    '4:53 faults.0.agent-down.nodes: read "0%": must be greater than 0%',
  ],
  [
    'a fault beyond the horizon',
    'horizon: 12h',
    'horizon: 12h\nfaults: [{ agent-down: { at: "+1d 09:00", for: 1m, nodes: 5% } }]',
    '4:30 faults.0.agent-down.at: read "+1d 09:00": is 37h after the start, beyond the horizon of 12h',
  ],
  [
    'a slow node that is slow by a hair',
    'horizon: 12h',
    'horizon: 12h\nfaults: [{ slow-node: { at: 23:00, for: 1m, speed: 99.96% } }]',
    '4:52 faults.0.slow-node.speed: read "99.96%": must be from 0.1% to 99.9%, in steps of 0.1%',
  ],
  [
    'a number of nodes that a fault befalls',
    'horizon: 12h',
    'horizon: 12h\nfaults: [{ node-loss: { at: 23:00, for: 1m, nodes: 1 } }]',
    '4:52 faults.0.node-loss.nodes: read 1: expected a list of names, or a share such as 5%',
  ],
  [
    'nodes that fail all the time',
    'horizon: 12h',
    'horizon: 12h\nfaults: [{ node-loss: { mtbf: 1us, for: 1m } }]',
    '4:31 faults.0.node-loss.mtbf: too short: 40 nodes would fail some 1728000000000 times; at most 100000 are simulated',
  ],
  [
    'an inspection without a rest',
    'horizon: 12h',
    'horizon: 12h\nplatform: { inspection: { every: 1us } }',
    '4:34 platform.inspection.every: read "1us": must be at least 1s',
  ],
  [
    'requests that wait in too many parts',
    'service: { time: 8ms }',
    'service: { time: 8ms }, retry: { tries: 1000, delay: 24h, resolution: 100ms }',
    '6:83 apps.shop.retry.resolution: 100ms is too fine: what waits 24h for up to 1000 tries would be kept in 864000000 parts, and at most 1000000 are kept',
  ],
  [
    'a number where there is one for each group',
    'time-share: {',
    'time-share: { slots: 3,',
    '12:24 strategies.time-share.slots: read 3: expected a mapping',
  ],
  [
    'more slots than any order may ask for',
    'time-share: {',
    'time-share: { slots: { morning: 20000000 },',
    '12:35 strategies.time-share.slots.morning: read 20000000: expected a whole number from 1 to 10000000',
  ],
  [
    'memory beyond what a number holds exactly',
    'memory: 256Gi',
    'memory: 1000Ti',
    '4:48 cluster.node.memory: read "1000Ti": is too large: at most 900Ti',
  ],
  [
    'a slow node that is not slow',
    'horizon: 12h',
    'horizon: 12h\nfaults: [{ slow-node: { at: 23:00, for: 1m, speed: 100% } }]',
    '4:52 faults.0.slow-node.speed: read "100%": must be from 0.1% to 99.9%, in steps of 0.1%',
  ],
  [
    'lost pushes of an app that does not exist',
    'horizon: 12h',
    'horizon: 12h\nfaults: [{ push-loss: { at: 23:00, for: 1m, share: 5%, apps: [shopp] } }]',
    '4:63 faults.0.push-loss.apps.0: there is no app "shopp"; known: shop, forest [shop]',
  ],
  [
    'lost pushes without a share',
    'horizon: 12h',
    'horizon: 12h\nfaults: [{ push-loss: { at: 23:00, for: 1m } }]',
    '4:12 faults.0.push-loss.share: missing: expected a share such as 75% or 99.9%',
  ],
  [
    'a change window that closes before it opens',
    'horizon: 12h',
    'horizon: 12h\nplatform: { changeWindows: [{ from: 23:00, to: 22:00 }] }',
    '4:48 platform.changeWindows.0.to: is not later than `from`',
  ],
  [
    'an inspection without an interval',
    'horizon: 12h',
    'horizon: 12h\nplatform: { inspection: never }',
    '4:25 platform.inspection: read "never": expected none, or a mapping such as { every: 5m }',
  ],
  [
    'a forecast that is needed and not given',
    'horizon: 12h',
    'horizon: 12h\nplatform: { information: none }',
    '13:3 strategies.time-share: time-share needs a forecast, but the platform says information: none; give it forecast or perfect, or leave the strategy out',
  ],
  [
    'a slot too small in cores',
    'apps: [shop, forest] }',
    'apps: [shop, forest], slot: { cpu: 4.5, memory: 10Gi } }',
    '9:49 groups.morning.slot.cpu: 4.5 cores cannot hold shop running (4 cores) beside forest (1 core) kept alive: at least 5 cores needed',
  ],
  [
    'a slot too small in memory',
    'apps: [shop, forest] }',
    'apps: [shop, forest], slot: { cpu: 5, memory: 9Gi } }',
    '9:60 groups.morning.slot.memory: 9Gi cannot hold shop running (8Gi) beside forest (2Gi) kept alive: at least 10Gi needed',
  ],
  [
    'a slot larger than a node',
    'apps: [shop, forest] }',
    'apps: [shop, forest], slot: { cpu: 65, memory: 10Gi } }',
    '9:49 groups.morning.slot.cpu: a slot of morning needs 65 cores, but a node can give 64 cores',
  ],
  [
    'a pod larger than a node',
    'groups:\n',
    '  big: { pod: { memory: 300Gi }, service: { time: 1ms }, traffic: { constant: 1/s } }\ngroups:\n',
    '8:25 apps.big.pod.memory: a pod of big needs 300Gi, but a node can give 256Gi',
  ],
  [
    'a keep-alive limit below what stays',
    'forest: { service',
    'forest: { keepAlive: { memory: 1Gi }, service',
    '7:34 apps.forest.keepAlive.memory: 1Gi cannot hold what stays resident: 8Gi running − 3Gi released − 3Gi swapped = 2Gi; raise memory, swap or release',
  ],
  [
    'more swapped out than there is',
    'forest: { service',
    'forest: { keepAlive: { swap: 6Gi }, service',
    '7:32 apps.forest.keepAlive.swap: more leaves the memory than is in it: 8Gi running − 3Gi released − 6Gi swapped < 0; lower swap or release',
  ],
  [
    'more CPU kept alive than running',
    'forest: { service',
    'forest: { keepAlive: { cpu: 5 }, service',
    '7:31 apps.forest.keepAlive.cpu: 5 cores kept alive are more than the 4 cores of the running pod',
  ],
  [
    'a pod busy with nothing',
    'forest: { service',
    'forest: { idleCpu: 4, service',
    "7:22 apps.forest.idleCpu: 4 cores of the pod's 4 cores: nothing is left to serve requests",
  ],
  [
    'a node reserved for the system',
    'memory: 256Gi }',
    'memory: 256Gi, systemReserved: { cpu: 64 } }',
    '4:78 cluster.node.systemReserved.cpu: reserves 64 cores of a node of 64 cores: nothing is left for pods',
  ],
  [
    'more zones than nodes',
    'nodes: 40,',
    'nodes: 1, zones: { a: , b: },',
    '4:19 cluster.nodes: 1 cannot be spread over 2 zones: each zone needs a node',
  ],
  [
    'an unknown key of a zone',
    'nodes: 40,',
    'nodes: 40, zones: { a: { idz: x } },',
    '4:37 cluster.zones.a.idz: unknown key; known keys: idc, city, weight [idc]',
  ],
  [
    'a retry between two resolutions',
    'service: { time: 8ms }',
    'retry: { tries: 3, delay: 2500ms }, service: { time: 8ms }',
    '6:39 apps.shop.retry.delay: 2.5s is no whole number of the resolution of 1s',
  ],
  [
    'a retry before the failure is known',
    'service: { time: 8ms }',
    'retry: { tries: 3, delay: 500ms }, service: { time: 8ms }',
    '6:39 apps.shop.retry.delay: 500ms is no whole number of the resolution of 1s',
  ],
  [
    'a retry without end',
    'service: { time: 8ms }',
    'retry: { tries: 1001 }, service: { time: 8ms }',
    '6:29 apps.shop.retry.tries: read 1001: expected a whole number from 0 to 1000',
  ],
  [
    'a retry by the millisecond',
    'service: { time: 8ms }',
    'retry: { tries: 1, resolution: 1ms }, service: { time: 8ms }',
    '6:44 apps.shop.retry.resolution: read "1ms": must be at least 100ms',
  ],
  [
    'a weight below 0',
    'nodes: 40,',
    'nodes: 40, zones: { a: { weight: -1 } },',
    '4:45 cluster.zones.a.weight: read -1: expected a number from 0 to 1000000',
  ],
  [
    'zones none of which gets traffic',
    'nodes: 40,',
    'nodes: 40, zones: { a: { weight: 0 }, b: { weight: 0 } },',
    '4:23 cluster.zones: each has weight 0: no zone would get any traffic',
  ],
  ['a cluster without zones', 'nodes: 40,', 'nodes: 40, zones: {},', '4:23 cluster.zones: expected at least one zone'],
  [
    'a name with a space',
    'name: mine',
    'name: my scenario',
    '1:7 name: read "my scenario": a name is 1 to 63 letters, digits, ".", "_" or "-" and begins with a letter; it holds " "',
  ],
  [
    'a negative price',
    'horizon: 12h',
    'horizon: 12h\nprices: { coreHour: -1 }',
    '4:21 prices.coreHour: read -1: expected a number from 0 to 1000000000',
  ],
  [
    'an app called all',
    'groups:\n',
    '  all: { service: { time: 1ms }, traffic: { constant: 1/s } }\ngroups:\n',
    '8:3 apps.all: the name "all" is taken: results have a row "all" for all apps together',
  ],
  [
    'a name that begins with a digit',
    'groups:\n',
    '  1st: { service: { time: 1ms }, traffic: { constant: 1/s } }\ngroups:\n',
    '8:3 apps.1st: a name is 1 to 63 letters, digits, ".", "_" or "-" and begins with a letter; it does not begin with a letter',
  ],
  [
    'a name of 64 characters',
    'name: mine',
    `name: ${'x'.repeat(64)}`,
    `1:7 name: read "${'x'.repeat(56)}…: a name is 1 to 63 letters, digits, ".", "_" or "-" and begins with a letter; it has 64 characters`,
  ],
  [
    'batches that fall',
    '{ plan:',
    '{ rollout: { batches: [10%, 5%, 100%] }, plan:',
    '12:43 strategies.time-share.rollout.batches.1: batches are cumulative shares and rise: this one must be more than 10%',
  ],
  [
    'batches that end early',
    '{ plan:',
    '{ rollout: { batches: [10%, 50%] }, plan:',
    '12:43 strategies.time-share.rollout.batches.1: the last batch must be 100%, not 50%',
  ],
  [
    'a gate with an unknown way out',
    '{ plan:',
    '{ rollout: { gate: { otherwise: rollback } }, plan:',
    '12:47 strategies.time-share.rollout.gate.otherwise: read "rollback": expected pause or roll-back [roll-back]',
  ],
  [
    'no strategy at all',
    'strategies:\n  static-peak:\n  time-share: { plan: [ { at: 05:30, group: morning, from: shop, to: forest } ] }',
    'strategies: {}',
    '10:1 strategies: expected at least one strategy, such as static-peak: { utilisation: 75% }',
  ],
  [
    'a taint without effect',
    'memory: 256Gi } }',
    'memory: 256Gi, taints: [dedicated=shop] } }',
    '4:64 cluster.node.taints.0: read "dedicated=shop": add one of NoSchedule, PreferNoSchedule, NoExecute after a colon',
  ],
  [
    'a taint of an unknown effect',
    'memory: 256Gi } }',
    'memory: 256Gi, taints: ["dedicated=shop:NoSchedul"] } }',
    '4:64 cluster.node.taints.0: read "dedicated=shop:NoSchedul": there is no effect "NoSchedul": one of NoSchedule, PreferNoSchedule, NoExecute after a colon',
  ],
  [
    'a toleration of an unknown effect',
    'forest: { service',
    'forest: { tolerations: ["x:Never"], service',
    '7:27 apps.forest.tolerations.0: read "x:Never": there is no effect "Never": one of NoSchedule, PreferNoSchedule, NoExecute, or none for all of them',
  ],
  [
    'a label that Kubernetes would refuse',
    'memory: 256Gi } }',
    'memory: 256Gi, labels: { "a b": x } } }',
    '4:65 cluster.node.labels.a b: read "a b": expected a label such as disk or example.com/disk',
  ],
  [
    'a pool called main',
    'nodes: 40,',
    'nodes: 40, pools: { main: { nodes: 3 } },',
    '4:32 cluster.pools.main: the name main is taken: it is the pool of cluster.nodes',
  ],
  [
    'a pool without nodes',
    'nodes: 40,',
    'nodes: 40, pools: { big: { node: { cpu: 128 } } },',
    '4:32 cluster.pools.big.nodes: missing: expected a whole number from 1 to 100000',
  ],
  [
    'a pool whose nodes have nothing to give',
    'nodes: 40,',
    'nodes: 40, pools: { big: { nodes: 3, node: { systemReserved: { cpu: 70 } } } },',
    '4:80 cluster.pools.big.node.systemReserved.cpu: reserves 70 cores of a node of 64 cores: nothing is left for pods',
  ],
  [
    'an affinity to labels that no node has',
    'forest: { service',
    'forest: { nodeAffinity: { required: ["disk=ssd"] }, service',
    '7:29 apps.forest.nodeAffinity.required: no node that forest may run on meets a term; their labels: topology.kubernetes.io/zone=zone-1, topology.kubernetes.io/region=city, pool=main',
  ],
  [
    'a selector that is none',
    'forest: { service',
    'forest: { nodeAffinity: { required: ["disk~ssd"] }, service',
    '7:40 apps.forest.nodeAffinity.required.0: read "disk~ssd": expected labels such as disk=ssd, "zone in (hz-a, hz-b)", !gpu or cores>32',
  ],
  [
    'a weight above 100',
    'forest: { service',
    'forest: { nodeAffinity: { preferred: [ { weight: 200, term: pool=main } ] }, service',
    '7:52 apps.forest.nodeAffinity.preferred.0.weight: read 200: expected a whole number from 1 to 100',
  ],
  [
    'a broken priority',
    'forest: { service',
    'forest: { priority: 1.5, service',
    '7:23 apps.forest.priority: read 1.5: expected a whole number',
  ],
  [
    'an unknown scheduler profile',
    'horizon: 12h',
    'horizon: 12h\nplatform: { scheduler: { profile: binpacking } }',
    '4:35 platform.scheduler.profile: there is no profile "binpacking"; known: default, bin-packing [bin-packing]',
  ],
  [
    'the weight of an unknown plug-in',
    'horizon: 12h',
    'horizon: 12h\nplatform: { scheduler: { profile: mine, profiles: { mine: { weights: { NodeResourceFit: 3 } } } } }',
    '4:72 platform.scheduler.profiles.mine.weights.NodeResourceFit: unknown key; known keys: NodeResourcesFit, NodeResourcesBalancedAllocation, TaintToleration, NodeAffinity, PodTopologySpread [NodeResourcesFit]',
  ],
  [
    'a backoff that falls',
    'horizon: 12h',
    'horizon: 12h\nplatform: { scheduler: { backoff: { initial: 20s } } }',
    '4:26 platform.scheduler.backoff.max: is less than `initial`; by default it is 10s',
  ],
];

describe('a mistake in a scenario', () => {
  it.each(corpus)('is found and explained where it stands: %s', (_, old, now, complaint) => {
    expect(complaints(changed(least, old, now))).toEqual([complaint]);
  });

  it.each([
    [
      'service: { time: 8ms, balancer: power-of-two }',
      '8:45 apps.shop.service.balancer: power-of-two looks at all pods, and a sample leaves most of them out: take sample: 100% or balancer: random',
    ],
    [
      'overflow: true, service: { time: 8ms }',
      '8:23 apps.shop.overflow: looks for room at all pods, and a sample leaves most of them out: take sample: 100% or overflow: false',
    ],
  ])('of a sample of pods that look at each other: %s', (now, complaint) => {
    const sampled = changed(least, 'horizon: 12h', 'horizon: 12h\nfidelity: request\nsample: 10%');
    expect(complaints(changed(sampled, 'service: { time: 8ms }', now))).toEqual([complaint]);
  });

  it('is said together with all the others, in the order of the file', () => {
    let text = changed(least, 'horizon: 12h', 'horizon: 12');
    text = changed(text, 'nodes: 40', 'nods: 40');
    text = changed(text, 'time: 6ms', 'time: 6 ms');
    text = changed(text, 'from: shop', 'from: shp');
    expect(complaints(text)).toEqual([
      '3:10 horizon: read 12: add a unit: 12s, 12m or 12ms',
      '4:1 cluster.nodes: missing: expected a whole number from 1 to 100000',
      '4:12 cluster.nods: unknown key; known keys: nodes, node, pools, zones, network [nodes]',
      '7:30 apps.forest.service.time: read "6 ms": expected a duration such as 15s, 1h30m or 250ms',
      '12:60 strategies.time-share.plan.0.from: there is no app "shp"; known: shop, forest [shop]',
    ]);
  });

  it('is printed as file:line:column path: message, the line, and a caret with the suggestion', () => {
    const text = changed(least, 'horizon: 12h', 'horizon: 12h\nplatfrom: {}');
    expect(errorOf(text).message).toBe(
      [
        'a.yaml:4:1 platfrom: unknown key; known keys: name, start, horizon, seed, replications, fidelity, sample, load, cluster, platform, defaults, apps, groups, faults, strategies, results, prices, limits, extends, $schema',
        '  4 | platfrom: {}',
        '    | ^ did you mean "platform"?',
      ].join('\n'),
    );
  });

  it('has its caret under the right column behind characters that are two columns wide', () => {
    // The caret's column is 32; 支付 before it takes two columns more than characters.
    const text = `${least.replace(/strategies:[^]*/, '')}strategies: { static-peak: }\nprices: { basis: 支付, coreHour: free }\n`;
    expect(errorOf(text).message.split('\n').slice(3)).toEqual([
      'a.yaml:11:32 prices.coreHour: read "free": expected a number from 0 to 1000000000',
      '  11 | prices: { basis: 支付, coreHour: free }',
      `     | ${' '.repeat(31 + 2)}^`,
    ]);
  });

  it('in a long line is shown with the text about it', () => {
    const text = changed(least, 'horizon: 12h', `horizon: 12h\nprices: { ${' '.repeat(500)}coreHour: -1${' '.repeat(500)} }`);
    const [head, line = '', caret = ''] = errorOf(text).message.split('\n');
    expect(head).toBe('a.yaml:4:521 prices.coreHour: read -1: expected a number from 0 to 1000000000');
    expect(line).toHaveLength('  4 | '.length + 122);
    expect(line.slice(caret.indexOf('^'), caret.indexOf('^') + 2)).toBe('-1');
  });

  it('cannot move the cursor of a terminal: control characters are replaced', () => {
    const message = errorOf(changed(least, 'name: mine', 'name: "\\e[2J" # \u001b[31m\u202e')).message;
    expect(message).toContain('name: "\\e[2J" # \uFFFD[31m\uFFFD');
    expect(Array.from(message).filter((character) => character !== '\n' && (character < ' ' || character === '\u202e'))).toEqual([]);
  });

  it('is counted, not printed, after the fiftieth', () => {
    const keys = Array.from({ length: 60 }, (_, i) => `x${String(i)}: 1\n`).join('');
    const error = errorOf(least + keys);
    expect(error.issues).toHaveLength(60);
    expect(error.message.match(/unknown key/g)).toHaveLength(50);
    expect(error.message.endsWith('\n… and 10 more')).toBe(true);
  });

  it('of taints is said of every app that they keep from every node, and not again of their group', () => {
    expect(complaints(changed(least, 'memory: 256Gi } }', 'memory: 256Gi, taints: ["dedicated=shop:NoSchedule"] } }'))).toEqual([
      '6:3 apps.shop.tolerations: every node has a taint that shop does not tolerate, such as dedicated=shop:NoSchedule',
      '7:3 apps.forest.tolerations: every node has a taint that forest does not tolerate, such as dedicated=shop:NoSchedule',
    ]);
  });

  it('of apps that suit different nodes is said of the group whose slots they would share', () => {
    let text = changed(least, 'nodes: 40,', 'nodes: 40, pools: { fast: { nodes: 4 } },');
    text = changed(text, 'shop:   { service', 'shop:   { nodeAffinity: { required: [pool=main] }, service');
    text = changed(text, 'forest: { service', 'forest: { nodeAffinity: { required: [pool=fast] }, service');
    expect(complaints(text)).toEqual([
      '9:3 groups.morning.slot: no node suits all of its apps: shop, forest; see their tolerations and nodeAffinity',
    ]);
  });

  it('is not repeated for what follows from it', () => {
    // The group and the plan refer to an app whose own fields are wrong: nothing is said of them.
    expect(complaints(changed(least, 'time: 8ms', 'time: 8'))).toHaveLength(1);
  });
});
