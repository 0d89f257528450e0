import { type Duration, gibibyte } from '../base/units.ts';
import { type Node, nodeKinds } from '../cluster/node.ts';
import { allocatable, type ClusterSpec, type GroupSpec, mainPool, smallestSlot } from '../cluster/specs.ts';
import { taintText } from '../cluster/taints.ts';
import { affine } from '../placement/node-affinity.ts';
import { untolerated } from '../placement/taint-toleration.ts';
import { unfitFor } from '../random/service-time.ts';
import { spanText } from './kit.ts';
import type { AppSpec, Scenario } from './scenario.ts';

/** A finding about several values that are right one by one. */
export interface Finding {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly aim?: 'key';
}

const coresText = (millicores: number): string => `${String(millicores / 1000)} ${millicores === 1000 ? 'core' : 'cores'}`;
const memoryText = (bytes: number): string => `${String(Number((bytes / gibibyte).toPrecision(6)))}Gi`;

/** What contradicts itself in the cluster. */
export function checkCluster({ pools, zones }: ClusterSpec): readonly Finding[] {
  const findings: Finding[] = [];
  pools.forEach(({ name, node }, index) => {
    const { millicores, bytes } = allocatable(node);
    const path = [...(index === 0 ? ['cluster'] : ['cluster', 'pools', name]), 'node', 'systemReserved'];
    if (millicores <= 0)
      findings.push({
        path: [...path, 'cpu'],
        message: `reserves ${coresText(node.systemReserved.cpu)} of a node of ${coresText(node.cpu)}: nothing is left for pods`,
      });
    if (bytes <= 0)
      findings.push({
        path: [...path, 'memory'],
        message: `reserves ${memoryText(node.systemReserved.memory)} of a node of ${memoryText(node.memory)}: nothing is left for pods`,
      });
    if (index > 0 && name === mainPool)
      findings.push({
        path: ['cluster', 'pools', name],
        message: `the name ${mainPool} is taken: it is the pool of cluster.nodes`,
        aim: 'key',
      });
  });
  if (zones.length > 0 && zones.every(({ weight }) => weight === 0))
    findings.push({ path: ['cluster', 'zones'], message: 'each has weight 0: no zone would get any traffic' });
  const [main] = pools;
  if (main !== undefined && zones.length > main.nodes)
    findings.push({
      path: ['cluster', 'nodes'],
      message: `${String(main.nodes)} cannot be spread over ${String(zones.length)} zones: each zone needs a node`,
    });
  return findings;
}

/** Most parts in which an app's requests may wait to be tried again: generations × buckets of a delay. */
const mostWaiting = 1_000_000;

/** What contradicts itself in an app, whether it shares slots or not. */
export function checkApp(app: AppSpec, cluster: ClusterSpec | undefined): readonly Finding[] {
  const findings: Finding[] = [];
  const path = ['apps', app.name];
  if (app.idleCpu >= app.pod.cpu)
    findings.push({
      path: [...path, 'idleCpu'],
      message: `${coresText(app.idleCpu)} of the pod's ${coresText(app.pod.cpu)}: nothing is left to serve requests`,
    });
  const unfit = unfitFor(app.service.distribution, app.service.cv);
  if (unfit !== undefined)
    findings.push({ path: [...path, 'service', 'distribution'], message: `${unfit}, not ${String(app.service.cv)}` });
  const { delay, resolution, tries } = app.retry;
  if (delay % resolution !== 0)
    findings.push({
      path: [...path, 'retry', 'delay'],
      message: `${spanText(delay)} is no whole number of the resolution of ${spanText(resolution)}`,
    });
  const waiting = tries * (delay / resolution);
  if (waiting > mostWaiting)
    findings.push({
      path: [...path, 'retry', 'resolution'],
      message: `${spanText(resolution)} is too fine: what waits ${spanText(delay)} for up to ${String(tries)} tries would be kept in ${String(Math.round(waiting))} parts, and at most ${String(mostWaiting)} are kept`,
    });
  const largest = Math.max(0, ...(cluster?.pools ?? []).map(({ node }) => allocatable(node).millicores));
  if (cluster !== undefined && largest > 0 && app.startupCpu > largest)
    findings.push({
      path: [...path, 'startupCpu'],
      message: `no node can give ${coresText(app.startupCpu)}: the largest has ${coresText(largest)}`,
    });
  if (cluster !== undefined)
    findings.push(...checkReach(app, cluster), ...checkFits([...path, 'pod'], `a pod of ${app.name}`, app.pod, [app], cluster));
  return findings;
}

/** What contradicts itself in an app that is kept alive in slots. */
export function checkKeepAlive({ name, pod, keepAlive }: AppSpec): readonly Finding[] {
  const findings: Finding[] = [];
  const path = ['apps', name, 'keepAlive'];
  const resident = pod.memory - keepAlive.release - keepAlive.swap;
  const sum = `${memoryText(pod.memory)} running − ${memoryText(keepAlive.release)} released − ${memoryText(keepAlive.swap)} swapped`;
  if (resident > keepAlive.memory)
    findings.push({
      path: [...path, 'memory'],
      message: `${memoryText(keepAlive.memory)} cannot hold what stays resident: ${sum} = ${memoryText(resident)}; raise memory, swap or release`,
    });
  if (resident < 0)
    findings.push({ path: [...path, 'swap'], message: `more leaves the memory than is in it: ${sum} < 0; lower swap or release` });
  if (keepAlive.cpu > pod.cpu)
    findings.push({
      path: [...path, 'cpu'],
      message: `${coresText(keepAlive.cpu)} kept alive are more than the ${coresText(pod.cpu)} of the running pod`,
    });
  if (keepAlive.memory > pod.memory)
    findings.push({
      path: [...path, 'memory'],
      message: `${memoryText(keepAlive.memory)} kept alive are more than the ${memoryText(pod.memory)} of the running pod`,
    });
  return findings;
}

/** A sample of what does not exist one by one, or of pods that depend on those which it leaves out. */
export function checkSample(fidelity: Scenario['fidelity'], sample: number, apps: readonly AppSpec[]): readonly Finding[] {
  if (sample === 1) return [];
  if (fidelity === 'fluid')
    return [{ path: ['sample'], message: 'there are no single requests to take a sample of: it belongs to fidelity: request' }];
  const findings: Finding[] = [];
  for (const { name, service, overflow } of apps) {
    if (service.balancer !== 'random')
      findings.push({
        path: ['apps', name, 'service', 'balancer'],
        message: `${service.balancer} looks at all pods, and a sample leaves most of them out: take sample: 100% or balancer: random`,
      });
    if (overflow)
      findings.push({
        path: ['apps', name, 'overflow'],
        message: 'looks for room at all pods, and a sample leaves most of them out: take sample: 100% or overflow: false',
      });
  }
  return findings;
}

/** Most steps of noise in a scenario: each takes some 40 bytes, in every worker. */
const mostSteps = 50_000_000;

/** Noise that would fill the memory before the run begins; said once, of the app with the most. */
export function checkNoise(apps: readonly AppSpec[], horizon: Duration): readonly Finding[] {
  const steps = ({ noise }: AppSpec): number => (noise.sigma > 0 ? Math.ceil(horizon / noise.interval) : 0);
  const all = apps.reduce((sum, app) => sum + steps(app), 0);
  const worst = apps.reduce<AppSpec | undefined>((most, app) => (most && steps(most) >= steps(app) ? most : app), undefined);
  if (all <= mostSteps || worst === undefined) return [];
  const message = `${String(Math.round(all / 1e6))} million steps of noise in all ${String(apps.length)} apps: at most ${String(mostSteps / 1e6)} million; take a longer interval, or a shorter horizon`;
  return [{ path: ['apps', worst.name, 'noise', 'interval'], message }];
}

/** What contradicts itself in a group, given all its apps. */
export function checkGroup(
  { name, slot }: Pick<GroupSpec, 'name' | 'slot'>,
  apps: readonly AppSpec[],
  cluster: ClusterSpec | undefined,
): readonly Finding[] {
  const path = ['groups', name, 'slot'];
  const least = smallestSlot(apps);
  const findings: Finding[] = [];
  if (slot.cpu < least.cpu)
    findings.push({
      path: [...path, 'cpu'],
      message: tooSmall(
        apps,
        coresText,
        slot.cpu,
        least.cpu,
        (app) => app.pod.cpu,
        (app) => app.keepAlive.cpu,
      ),
    });
  if (slot.memory < least.memory)
    findings.push({
      path: [...path, 'memory'],
      message: tooSmall(
        apps,
        memoryText,
        slot.memory,
        least.memory,
        (app) => app.pod.memory,
        (app) => app.keepAlive.memory,
      ),
    });
  if (cluster !== undefined) findings.push(...checkFits(path, `a slot of ${name}`, slot, apps, cluster));
  return findings;
}

/** What a group's slot has beyond the smallest that works: paid for, and never used. */
export function roomInSlot({ name, slot }: GroupSpec, apps: readonly AppSpec[]): readonly Finding[] {
  const { cpu } = smallestSlot(apps);
  if (slot.cpu <= cpu) return [];
  return [
    {
      path: ['groups', name, 'slot', 'cpu'],
      message: `${coresText(slot.cpu)} are ${coresText(slot.cpu - cpu)} more than any tenant can use beside the others kept alive: ${coresText(cpu)} would do`,
    },
  ];
}

/** An app in several groups: its pods could be asked to be in two slots' states at once. */
export function checkMembership(groups: readonly Pick<GroupSpec, 'name' | 'apps'>[]): readonly Finding[] {
  const first = new Map<string, string>();
  const findings: Finding[] = [];
  for (const { name, apps } of groups) {
    apps.forEach((app, index) => {
      const other = first.get(app);
      if (other !== undefined && other !== name)
        findings.push({
          path: ['groups', name, 'apps', index],
          message: `${app} is in group ${other} already: an app shares the slots of one group`,
        });
      else first.set(app, name);
    });
  }
  return findings;
}

/** `5 cores cannot hold pay running (4 cores) beside interact (1 core) and forest (1 core) kept alive: at least 6 cores needed`. */
function tooSmall(
  apps: readonly AppSpec[],
  text: (amount: number) => string,
  given: number,
  least: number,
  running: (app: AppSpec) => number,
  kept: (app: AppSpec) => number,
): string {
  const worst = apps.reduce((best, app) => (running(app) - kept(app) > running(best) - kept(best) ? app : best));
  const others = apps.filter((app) => app !== worst);
  const beside = others.map((app) => `${app.name} (${text(kept(app))})`).join(' and ');
  return `${text(given)} cannot hold ${worst.name} running (${text(running(worst))}) beside ${beside} kept alive: at least ${text(least)} needed`;
}

/** Taints and labels that keep the app off every node. */
function checkReach({ name, tolerations, nodeAffinity }: AppSpec, cluster: ClusterSpec): readonly Finding[] {
  const kinds = nodeKinds(cluster);
  const path = ['apps', name];
  const open = kinds.filter(({ taints }) => untolerated(tolerations, taints) === undefined);
  if (open.length === 0) {
    const [taint] = kinds.flatMap(({ taints }) => untolerated(tolerations, taints) ?? []);
    return [
      {
        path: [...path, 'tolerations'],
        message: `every node has a taint that ${name} does not tolerate, such as ${taint === undefined ? '' : taintText(taint)}`,
      },
    ];
  }
  if (open.some(({ labels }) => affine(nodeAffinity, labels))) return [];
  const labels = [...new Set(open.flatMap((node) => Object.entries(node.labels).map(([key, value]) => `${key}=${value}`)))];
  return [
    {
      path: [...path, 'nodeAffinity', 'required'],
      message: `no node that ${name} may run on meets a term; their labels: ${labels.join(', ')}`,
    },
  ];
}

type Reach = Pick<AppSpec, 'name' | 'tolerations' | 'nodeAffinity'>;

/** Whether a unit of the apps fits an empty node of some kind that all of them may run on. */
function checkFits(
  path: readonly PropertyKey[],
  what: string,
  size: { readonly cpu: number; readonly memory: number },
  apps: readonly Reach[],
  cluster: ClusterSpec,
): readonly Finding[] {
  const kinds = nodeKinds(cluster);
  const mayUse = (app: Reach, { taints, labels }: Node): boolean =>
    untolerated(app.tolerations, taints) === undefined && affine(app.nodeAffinity, labels);
  const may = kinds.filter((node) => apps.every((app) => mayUse(app, node)));
  if (may.length === 0) {
    // Of an app that may use no node at all it has been said.
    const alone = apps.every((app) => kinds.some((node) => mayUse(app, node)));
    return alone
      ? [
          {
            path,
            message: `no node suits all of its apps: ${apps.map(({ name }) => name).join(', ')}; see their tolerations and nodeAffinity`,
          },
        ]
      : [];
  }
  const millicores = Math.max(...may.map((node) => node.millicores));
  const bytes = Math.max(...may.map((node) => node.bytes));
  const findings: Finding[] = [];
  if (millicores > 0 && size.cpu > millicores)
    findings.push({
      path: [...path, 'cpu'],
      message: `${what} needs ${coresText(size.cpu)}, but a node can give ${coresText(millicores)}`,
    });
  if (bytes > 0 && size.memory > bytes)
    findings.push({
      path: [...path, 'memory'],
      message: `${what} needs ${memoryText(size.memory)}, but a node can give ${memoryText(bytes)}`,
    });
  return findings;
}
