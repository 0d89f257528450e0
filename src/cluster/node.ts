import { InvariantError, defined } from '../base/assert.ts';
import type { Labels } from './label-selector.ts';
import type { Pod } from './pod.ts';
import { allocatable, type ClusterSpec } from './specs.ts';
import type { Taint } from './taints.ts';

/** One node: what it may give, and what is taken of it. Millicores and bytes. */
export interface Node {
  readonly index: number;
  readonly name: string;
  readonly zone: number;
  /** Index of its pool. */
  readonly pool: number;
  readonly labels: Labels;
  readonly taints: readonly Taint[];
  readonly millicores: number;
  readonly bytes: number;
  readonly podLimit: number;
  /** Reserved by pods, slots and the extras of make-before-break. */
  reservedMillicores: number;
  reservedBytes: number;
  pods: number;
  slots: number;
  /** Pods bound to it that are not gone, in no order. */
  readonly here: Pod[];
  /** Limits in force and memory resident of the pods on it. */
  limitedMillicores: number;
  residentBytes: number;
  /** `lost`: nothing on it lives, and nothing is placed on it. */
  state: 'ready' | 'lost';
  /** Raised when it is lost and when it is back: an event that carries an older one is void. */
  epoch: number;
  /** 1/1000: what its pods serve and its swap device moves, of what they would; whole numbers from 1 to 1000. */
  speed: number;
  swapSpeed: number;
  /** Whether its agent carries out limit writes and reports. */
  agentUp: boolean;
  /** Of the limits in force: bursts of starting pods, which nothing has reserved. */
  burstMillicores: number;
  /** Apps, by index, whose images have been brought to it. */
  readonly images: Set<number>;
}

/** The nodes of every pool, with nothing on them: pool after pool, each in turn over the zones. */
export function nodesOf({ pools, zones }: ClusterSpec): readonly Node[] {
  const nodes: Node[] = [];
  pools.forEach(({ name: poolName, nodes: count, node }, pool) => {
    const { millicores, bytes } = allocatable(node);
    for (let i = 0; i < count; i++) {
      const zone = i % zones.length;
      const { name, city } = defined(zones[zone], 'zone');
      nodes.push({
        index: nodes.length,
        name: `${name}${pool === 0 ? '' : `-${poolName}`}-${String(Math.floor(i / zones.length))}`,
        zone,
        pool,
        labels: { 'topology.kubernetes.io/zone': name, 'topology.kubernetes.io/region': city, pool: poolName, ...node.labels },
        taints: node.taints,
        millicores,
        bytes,
        podLimit: node.pods,
        reservedMillicores: 0,
        reservedBytes: 0,
        pods: 0,
        slots: 0,
        here: [],
        limitedMillicores: 0,
        residentBytes: 0,
        state: 'ready',
        epoch: 0,
        speed: 1000,
        swapSpeed: 1000,
        agentUp: true,
        burstMillicores: 0,
        images: new Set(),
      });
    }
  });
  return nodes;
}

/** One empty node of every kind: the first of each pool in each zone. */
export const nodeKinds = (spec: ClusterSpec): readonly Node[] =>
  nodesOf({ ...spec, pools: spec.pools.map((pool) => ({ ...pool, nodes: Math.min(pool.nodes, spec.zones.length) })) });

/** Throws unless what is reserved fits the node, and what is used fits what is reserved. */
export function checkReserved(node: Node): void {
  const { name, reservedMillicores, millicores, reservedBytes, bytes, pods, podLimit } = node;
  if (reservedMillicores > millicores || reservedBytes > bytes || pods > podLimit || reservedMillicores < 0)
    throw new InvariantError(
      `node ${name} has reserved ${String(reservedMillicores)} of ${String(millicores)} millicores, ${String(reservedBytes)} of ${String(bytes)} bytes, ${String(pods)} of ${String(podLimit)} pods`,
    );
  checkUse(node);
}

/** Throws unless limits in force and resident memory are within what is reserved. */
export function checkUse(node: Node): void {
  const { name, limitedMillicores, reservedMillicores, burstMillicores, residentBytes, reservedBytes } = node;
  if (limitedMillicores > reservedMillicores + burstMillicores)
    throw new InvariantError(
      `limits in force on node ${name} are ${String(limitedMillicores)} of ${String(reservedMillicores)} reserved millicores`,
    );
  if (residentBytes > reservedBytes)
    throw new InvariantError(`${String(residentBytes)} bytes are resident on node ${name}, of ${String(reservedBytes)} reserved bytes`);
}

/** The pod is not on the node any more. */
export function leave({ here }: Node, pod: Pod): void {
  const last = here.pop() as Pod;
  if (last !== pod) here[here.indexOf(pod)] = last;
}
