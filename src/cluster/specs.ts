import { z } from 'zod';
import { serviceDistributions } from '../random/service-time.ts';
import { balancers } from '../serving/requests/balancer.ts';
import { disciplines } from '../serving/requests/request-pod.ts';
import {
  bandwidth,
  count,
  cpu,
  memory,
  plainNumber,
  positiveCpu,
  positiveMemory,
  positiveShare,
  positiveSpan,
  share,
  show,
  span,
} from '../base/quantity.ts';
import type { AppName, Duration, GroupName, ZoneName } from '../base/units.ts';
import { durationLaw } from '../random/duration-law.ts';
import { type LabelSelector, selectorSchema } from './label-selector.ts';
import { taintSchema, type Toleration, tolerationSchema } from './taints.ts';

/** Key of a label, as Kubernetes takes it. */
function labelKey() {
  return z.string().regex(/^[A-Za-z0-9][\w./-]{0,252}$/, {
    error: (issue) => `read ${show(issue.input)}: expected a label such as disk or example.com/disk`,
  });
}

/** Shape of one node. CPU in millicores, memory in bytes, bandwidth in bytes/s. */
export const nodeSpec = z.strictObject({
  cpu: positiveCpu().describe('cores of a node'),
  memory: positiveMemory().describe('memory of a node'),
  systemReserved: z
    .strictObject({ cpu: cpu().default(0), memory: memory().default(0) })
    .prefault({})
    .describe('kept for the system; allocatable is the rest (none)'),
  pods: count(1, 10_000).default(110).describe('most pods on a node (upstream kubelet)'),
  swapOut: bandwidth().prefault('1GB/s').describe('swap-out bandwidth of a node, shared by the pods swapping out (assumption)'),
  swapIn: bandwidth().prefault('1.5GB/s').describe('swap-in bandwidth of a node, shared by the pods swapping in (assumption)'),
  labels: z
    .record(labelKey(), z.string())
    .default({})
    .describe('labels, beside topology.kubernetes.io/zone, topology.kubernetes.io/region, which is the city, and pool (none)'),
  taints: z.array(taintSchema()).default([]).describe('keep off pods that do not tolerate them (none)'),
});
export type NodeSpec = z.output<typeof nodeSpec>;

/** Millicores and bytes that a node may give to pods. */
export const allocatable = (node: NodeSpec): { readonly millicores: number; readonly bytes: number } => ({
  millicores: node.cpu - node.systemReserved.cpu,
  bytes: node.memory - node.systemReserved.memory,
});

/** A failure and routing domain, inside an IDC inside a city. */
export const zoneSpec = z.strictObject({
  idc: z.string().default('idc').describe('IDC of the zone; zones of one name are in one (assumption: one IDC)'),
  city: z.string().default('city').describe('city of the IDC (assumption: one city)'),
  weight: plainNumber(0, 1e6)
    .default(1)
    .describe('share of the traffic that is routed to the zone, relative to the others (assumption: alike)'),
});
export interface ZoneSpec extends z.output<typeof zoneSpec> {
  readonly name: ZoneName;
}

const podSpec = z.strictObject({ cpu: positiveCpu(), memory: positiveMemory() });
const keepAliveSpec = z.strictObject({
  cpu: positiveCpu().describe('CPU limit of a keep-alive pod'),
  memory: positiveMemory().describe('memory limit of a keep-alive pod'),
  traffic: share().describe('share of its arrivals that a keep-alive pod serves itself; its sidecar forwards the rest'),
  swap: memory().describe('bytes swapped out when a pod is kept alive, and in again'),
  release: memory().describe('heap given back to the system when a pod is kept alive'),
});
const imageSpec = z.strictObject({
  size: memory().describe('bytes that a node pulls before a pod of the app can start on it; 0: the image is everywhere'),
  preheated: share().describe(
    'share of the nodes that have the image at time zero: the first so many of each pool in each zone, rounded up; those of the opening fleet have it anyway',
  ),
});
const startupSpec = durationLaw();
const warmupSpec = z.strictObject({
  weight: positiveShare().describe('traffic weight and capacity at the beginning of the warm-up'),
  for: span().describe('length of the warm-up'),
  shape: z
    .enum(['step', 'linear'])
    .default('step')
    .describe('step: the weight holds until the end (SOFARPC); linear: it rises in 20 steps (Dubbo)'),
});
const coldPagesSpec = z.strictObject({
  capacity: positiveShare().describe('capacity of a pod just swapped in'),
  for: span().describe('until it has its full capacity again, linearly'),
});
const sidecarSpec = z.strictObject({
  cpu: span().describe('CPU time of the sidecar per request served'),
  relay: span().describe('CPU time of each of the two sidecars per request forwarded'),
  hop: span().describe('added response time of a forwarded request'),
});
const objectiveSpec = z.strictObject({ p99: positiveSpan(), success: positiveShare() });
const serviceSpec = z.strictObject({
  time: positiveSpan().describe('mean CPU time of one request'),
  timeout: positiveSpan().describe('a request that waits longer than this is given up'),
  cv: z.number().min(0).max(10).describe('coefficient of variation of the service time'),
  wait: span().describe('mean time off CPU of one request (downstream calls)'),
  distribution: z
    .enum(serviceDistributions)
    .describe(
      'with fidelity request, of the CPU time: auto is deterministic where cv is 0, exponential where it is 1, log-normal otherwise; the fluid knows mean and cv only',
    ),
  discipline: z
    .enum(disciplines)
    .describe('with fidelity request: first come, first served by as many servers as the pod has whole cores, or all requests share them'),
  balancer: z.enum(balancers).describe('with fidelity request: how clients choose a pod; the response of the fluid is that of random'),
});

/** The fields of an app that belong to its pods and its service; the traffic room adds `traffic`, `noise`, `surprise` and `forecast`. */
export const appFields = {
  domain: z.string().describe('business domain that owns the app'),
  service: serviceSpec,
  pod: podSpec.describe('a running pod: CPU and memory, request = limit'),
  keepAlive: keepAliveSpec,
  image: imageSpec.describe('its container image, the same in each of its pods'),
  startup: startupSpec.describe(
    'from the pod whose image is there to the started process: a constant, or median and a quantile of a log-normal',
  ),
  startupCpu: cpu().describe(
    'CPU that a starting pod uses (class loading, compilation), and with which `startup` holds; beyond its limit it gets only CPU that nothing on its node has reserved, shared by those that start there, and with less it takes longer; 0: starts are a matter of time alone',
  ),
  warmup: warmupSpec,
  coldPages: coldPagesSpec,
  drain: span().describe('from the end of new traffic to the end of what was in flight'),
  terminate: span().describe('from the end of the drain to the freed resources'),
  idleCpu: cpu().describe('CPU that a running pod uses without traffic'),
  sidecar: sidecarSpec,
  objective: objectiveSpec,
  allowNoExclusive: z.boolean().describe('whether an app may do without a pod outside slots in a zone'),
  priority: z.int().min(-2_147_483_648).max(1_000_000_000).describe('pods of higher priority are scheduled first (no preemption)'),
  tolerations: z.array(tolerationSchema()).describe('taints that its pods bear with'),
  nodeAffinity: z
    .strictObject({
      required: z.array(selectorSchema()).default([]).describe('terms of which a node must meet one; none: any node will do (none)'),
      preferred: z
        .array(z.strictObject({ weight: count(1, 100), term: selectorSchema() }))
        .default([])
        .describe('terms whose weights add to the score of a node that meets them (none)'),
    })
    .describe('labels of the nodes that its pods need or prefer'),
};

const bigExam = 'service-mesh-practice-antfinal-shopping-festival-big-exam (sofastack.tech, 2019)';

/** Defaults of an app's fields, written as a scenario writes them. */
export const appDefaults = {
  domain: 'default',
  service: { timeout: '1s', cv: 1, wait: '0s', distribution: 'auto', discipline: 'fifo', balancer: 'random' },
  pod: { cpu: 4, memory: '8Gi' },
  keepAlive: { cpu: 1, memory: '2Gi', traffic: '1%', swap: '3Gi', release: '3Gi' },
  image: { size: '0Gi', preheated: '0%' },
  startup: { median: '45s', p95: '180s' },
  startupCpu: 0,
  warmup: { weight: '10%', for: '12s', shape: 'step' },
  coldPages: { capacity: '60%', for: '20s' },
  drain: '3s',
  terminate: '27s',
  idleCpu: 0,
  sidecar: { cpu: '0.1ms', relay: '0.05ms', hop: '0.5ms' },
  objective: { p99: '300ms', success: '99.9%' },
  allowNoExclusive: false,
  priority: 0,
  tolerations: [],
  nodeAffinity: {},
} as const;

/** Where the defaults come from, by path. `validate --resolved` shows it beside the value. */
export const appDefaultSources: Readonly<Record<string, string>> = {
  domain: 'one for all',
  'service.timeout': 'assumption',
  'service.cv': 'assumption: exponential service times',
  'service.wait': 'assumption',
  'service.distribution': 'by the cv',
  'service.discipline': 'assumption: a worker per core',
  'service.balancer': 'SOFARPC: random with weights',
  'pod.cpu': `4C8G, ${bigExam}`,
  'pod.memory': `4C8G, ${bigExam}`,
  'keepAlive.cpu': `1C2G, ${bigExam}`,
  'keepAlive.memory': `1C2G, ${bigExam}`,
  'keepAlive.traffic': bigExam,
  'keepAlive.swap': 'assumption',
  'keepAlive.release': 'assumption: the elastic heap gives back about half',
  'image.size': 'pulling takes no time unless the scenario says otherwise; a large Java image has 1–2 GB (assumption)',
  'image.preheated': 'none; without a size it does not matter',
  'startup.median': '30–60 s for a normal Java app, ant-financial-native-cloud-financial-architecture (2019)',
  'startup.p95': 'assumption: log-normal',
  startupCpu: 'off; Koordinator lets a pod burst to 300 % of its limit (koordinator.sh, cpu-burst)',
  'warmup.weight': 'the documented example of SOFARPC (provider-warmup-weight)',
  'warmup.for': 'the documented example of SOFARPC (provider-warmup-weight)',
  'warmup.shape': 'SOFARPC: step; Dubbo and MOSN: linear',
  'coldPages.capacity': 'assumption',
  'coldPages.for': 'assumption',
  drain: 'Ant PaaS slides (2019), slide 16',
  terminate: 'assumption: drain and delete take 30 s together',
  idleCpu: 'assumption',
  'sidecar.cpu': 'assumption; MOSN: +1.7 % CPU at most',
  'sidecar.relay': 'assumption',
  'sidecar.hop': 'assumption; MOSN: +0.2 ms and the network',
  'objective.p99': 'assumption',
  'objective.success': 'assumption',
  allowNoExclusive: 'assumption: no app depends on kept-alive pods alone',
  priority: 'upstream: pods without a priority class',
  tolerations: 'none',
};

/** The part of a resolved app that the world needs. Times in µs, CPU in millicores, memory in bytes, shares as ratios. */
export interface PodSpecs {
  readonly name: AppName;
  readonly domain: string;
  readonly service: z.output<typeof serviceSpec>;
  readonly pod: z.output<typeof podSpec>;
  readonly keepAlive: z.output<typeof keepAliveSpec>;
  readonly image: z.output<typeof imageSpec>;
  readonly startup: z.output<typeof startupSpec>;
  readonly startupCpu: number;
  readonly warmup: z.output<typeof warmupSpec>;
  readonly coldPages: z.output<typeof coldPagesSpec>;
  readonly drain: Duration;
  readonly terminate: Duration;
  readonly idleCpu: number;
  readonly sidecar: z.output<typeof sidecarSpec>;
  readonly objective: z.output<typeof objectiveSpec>;
  readonly allowNoExclusive: boolean;
  readonly priority: number;
  readonly tolerations: readonly Toleration[];
  readonly nodeAffinity: NodeAffinity;
}

/** Which nodes an app's pods need, one of `required`, and which they prefer. */
export interface NodeAffinity {
  readonly required: readonly LabelSelector[];
  readonly preferred: readonly { readonly weight: number; readonly term: LabelSelector }[];
}

/** A group's slot: CPU in millicores, memory in bytes. */
export const slotSpec = z.strictObject({ cpu: positiveCpu(), memory: positiveMemory() });

/** Apps that may share slots, and the size of a slot: by default the largest running tenant plus the others kept alive. */
export interface GroupSpec {
  readonly name: GroupName;
  readonly apps: readonly AppName[];
  readonly slot: z.output<typeof slotSpec>;
}

/** Nodes of one shape, spread evenly over the zones (the first zones get one more where they do not divide). */
export interface NodePool {
  readonly name: string;
  readonly nodes: number;
  readonly node: NodeSpec;
}

/** Added to an app's hop where a request is forwarded or overflows to a zone further away: a round trip, µs. Within an IDC the hop is `sidecar.hop` alone. */
export const networkSpec = z.strictObject({
  otherIdc: span().prefault('2ms').describe('to a zone in another IDC of the city (assumption)'),
  otherCity: span().prefault('30ms').describe('to a zone in another city (assumption: about 1,200 km of fibre and back)'),
});

export type NetworkSpec = z.output<typeof networkSpec>;

/** Distance from zone to zone: 0 the same IDC, 1 another one, 2 another city. */
export function distances(zones: readonly ZoneSpec[]): readonly (readonly number[])[] {
  return zones.map((from) => zones.map((to) => (from.city !== to.city ? 2 : from.idc !== to.idc ? 1 : 0)));
}

/** The nodes and where they stand. The first pool is the scenario's `nodes` and `node`. */
export interface ClusterSpec {
  readonly pools: readonly NodePool[];
  readonly zones: readonly ZoneSpec[];
}

/**
 * Traffic of the busiest zone ÷ the mean of the zones, by weight; 1 with equal weights. Pods stand evenly in the zones, so that an app needs this many
 * times the pods which its traffic would need in zones of equal weight.
 */
export function imbalance(zones: readonly ZoneSpec[]): number {
  const weights = zones.map(({ weight }) => weight);
  return (zones.length * Math.max(...weights)) / weights.reduce((sum, weight) => sum + weight, 0);
}

/** Name of the pool that `cluster.nodes` and `cluster.node` describe. */
export const mainPool = 'main';

/** Nodes of all pools. */
export const nodeCount = ({ pools }: ClusterSpec): number => pools.reduce((sum, { nodes }) => sum + nodes, 0);

/** Requests/s that one running pod of the app serves at full capacity: (limit − idle) ÷ (service time + sidecar). */
export function podCapacityPerSecond(app: PodSpecs): number {
  return ((app.pod.cpu - app.idleCpu) * 1000) / (app.service.time + app.sidecar.cpu);
}

/** The smallest slot: every tenant can be the running one beside the others kept alive, and no two need more at once. */
export function smallestSlot(apps: readonly PodSpecs[]): { readonly cpu: number; readonly memory: number } {
  const largest = (running: (app: PodSpecs) => number, kept: (app: PodSpecs) => number) =>
    Math.max(...apps.map((app) => running(app) - kept(app))) + apps.reduce((sum, app) => sum + kept(app), 0);
  return {
    cpu: largest(
      (app) => app.pod.cpu,
      (app) => app.keepAlive.cpu,
    ),
    memory: largest(
      (app) => app.pod.memory,
      (app) => app.keepAlive.memory,
    ),
  };
}
