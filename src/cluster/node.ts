import { defined } from '../base/assert.ts';
import type { Labels } from './label-selector.ts';
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
