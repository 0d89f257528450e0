import { groupName, time, zoneName } from '../../src/base/units.ts';
import { Cluster, type Claim } from '../../src/cluster/cluster.ts';
import type { Node } from '../../src/cluster/node.ts';
import type { Request } from '../../src/placement/unit.ts';
import { app, gigabyte } from '../operations/support.ts';

/** A node of 10 cores, 100 bytes and 10 pods in zone 0, with nothing on it. */
export const node = (change: Partial<Node> = {}): Node => ({
  index: 0, name: 'n', zone: 0, pool: 0, labels: {}, taints: [], millicores: 10_000, bytes: 100, podLimit: 10, reservedMillicores: 0, reservedBytes: 0, pods: 0, slots: 0, here: [], limitedMillicores: 0, residentBytes: 0, burstMillicores: 0, images: new Set(), state: 'ready', epoch: 0, speed: 1000, swapSpeed: 1000, agentUp: true, ...change,
}); // prettier-ignore

export const claim = (millicores: number, bytes: number, pods = 1): Claim => ({ millicores, bytes, pods });

/** A cluster of nodes of 16 cores, 32 GB and 110 pods, spread over the zones in turn. */
export function cluster(
  nodes: number,
  zones: number,
  change: { readonly cpu?: number; readonly memory?: number; readonly pods?: number } = {},
): Cluster {
  const shape = {
    cpu: change.cpu ?? 16_000,
    memory: change.memory ?? 32 * gigabyte,
    systemReserved: { cpu: 0, memory: 0 },
    pods: change.pods ?? 110,
    swapOut: gigabyte,
    swapIn: gigabyte,
    labels: {},
    taints: [],
  };
  const names = Array.from({ length: zones }, (_, index) => ({ name: zoneName(`z${String(index)}`), idc: 'idc', city: 'city', weight: 1 }));
  const apps = [app('small', { pod: { cpu: 4000, memory: 8 * gigabyte } }), app('large', { pod: { cpu: 10_000, memory: 4 * gigabyte } })];
  return new Cluster({ pools: [{ name: 'main', nodes, node: shape }], zones: names }, apps, [
    { name: groupName('g'), apps: apps.map(({ name }) => name), slot: { cpu: 11_000, memory: 10 * gigabyte } },
  ]);
}

/** A new pod of the app that waits for a node. */
export function request(of: Cluster, index: number): Request {
  const pod = of.createPod(time(0), index, { kind: 'exclusive', index: of.pods.length }, 0, undefined);
  const { cpu, memory } = of.app(index).pod;
  return {
    unit: { kind: 'pod', pod },
    claim: { millicores: cpu, bytes: memory, pods: 1 },
    spreadKey: `app ${String(index)}`,
    constraints: [of.app(index)],
    priority: of.app(index).priority,
    since: time(0),
  };
}
