/** The scenario that `fenshi init` writes, for whom `command` calls fenshi: the least that runs, with comments, and lines that a `#` switches off. */
export const starter = (
  command: string,
): string => `# Two apps that peak at different hours: how many cores does it save to let them share slots?
# ${command} validate FILE --resolved shows every default; ${command} list strategies and list shapes show what can be named.
# Lines that begin with #: and no blank are switched on by taking these two characters away.
name: mine
start: 2026-11-10T20:00:00+08:00       # clock times below are the first such time after this
horizon: 12h

cluster:
  nodes: 40                            # they are named <zone>-<number> from 0: without zones zone-1-0 to zone-1-39
  node: { cpu: 64, memory: 256Gi }

apps:
  shop:                                # busy around midnight
    service: { time: 8ms }             # CPU time of one request
    traffic: { pulse: { at: 00:00, rise: 30s, hold: 5m, halve: 7m, peak: 40000/s, base: 2000/s } }
#:    retry: { tries: 2, delay: 5s }   # what fails is tried again, twice at most
#:    surprise: { level: { factor: 120% }, timing: { earlier: 5m } }  # what comes is a fifth more, and early; forecasts do not know
  forest:                              # busy in the morning
    service: { time: 6ms }
    traffic: { pulse: { at: 07:00, rise: 20m, hold: 20m, halve: 10m, peak: 30000/s, base: 1500/s } }

groups:
  morning: { apps: [shop, forest] }    # who may share a slot: one runs, the others are kept alive beside it

#:faults:                                # what breaks, for every strategy alike
#:  - node-loss: { at: 05:30:05, for: 20m, nodes: [zone-1-3, zone-1-4] }
#:  - slow-swap: { at: 05:25, for: 30m, nodes: 10%, speed: 20% }
#:  - push-loss: { at: 05:30, for: 2m, share: 10%, apps: [forest] }

strategies:
  static-peak:                         # every app owns what its peak needs
  time-share:                          # the slots go from shop to forest at 05:30
    plan: [ { at: 05:30, group: morning, from: shop, to: forest } ]
`;
