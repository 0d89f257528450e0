import { defined } from '../base/assert.ts';
import { after, type Time, time } from '../base/units.ts';
import { draw } from '../random/duration-law.ts';
import { exponential } from '../random/variates.ts';
import { type Fault, isNodeFault, type NodeFault } from './fault-spec.ts';
import type { World } from './world.ts';

/** What faults do to the world. */
export interface FaultPorts {
  /** The nodes are lost, all at once. */
  lost(nodes: readonly number[]): void;
  back(node: number): void;
  /** The node's speed, its swap device's, or whether its agent is up, has changed. */
  changed(node: number): void;
  /** The scheduler begins with nothing, or the API server takes no write, until then. */
  stalled(what: 'scheduler' | 'api', until: Time): void;
  /** The registry has this share of its bandwidth, in 1/1000. */
  registry(speed: number): void;
}

/** Faults that are at work on one node. */
interface AtWork {
  losses: number;
  agents: number;
  readonly slow: number[];
  readonly slowSwap: number[];
}

/**
 * Lets faults begin and end, by schedule or at random. A node's random faults come from streams of its own, drawn from time zero on, whatever else happens: the same under every strategy.
 * Of several faults at work on a node the worst counts; it is back when the last of its losses is repaired.
 */
export class Faults {
  readonly #world: World;
  readonly #faults: readonly Fault[];
  readonly #ports: FaultPorts;
  readonly #atWork = new Map<number, AtWork>();
  /** Lost pushes and slow registries at work, by index. */
  readonly #everywhere = new Set<number>();
  /** How many times a fault has begun on a node, by stream name. */
  readonly #count = new Map<string, number>();

  constructor(world: World, faults: readonly Fault[], ports: FaultPorts) {
    this.#world = world;
    this.#faults = faults;
    this.#ports = ports;
    faults.forEach((fault, index) => {
      if ('at' in fault.begins) this.#schedule(fault.begins.at, { kind: 'fault-begins', fault: index, node: undefined });
      else if (isNodeFault(fault)) for (const node of fault.nodes) this.#scheduleNext(fault, index, node);
    });
  }

  /** Share of the app's ratio pushes that get lost at present. */
  pushLoss(app: number): number {
    const { name } = this.#world.cluster.app(app);
    let most = this.#world.platform.pushLoss;
    for (const index of this.#everywhere) {
      const fault = this.#faults[index];
      if (fault?.kind === 'push-loss' && (fault.apps?.includes(name) ?? true)) most = Math.max(most, fault.share);
    }
    return most;
  }

  /** The fault begins: on one node, or, where that is undefined, on all that it names. */
  begins(index: number, node: number | undefined): void {
    const fault = defined(this.#faults[index], 'fault');
    const now = this.#world.now();
    if (!isNodeFault(fault)) {
      const end = after(now, fault.for.median);
      if (fault.kind === 'scheduler-stall' || fault.kind === 'api-stall')
        this.#ports.stalled(fault.kind === 'api-stall' ? 'api' : 'scheduler', end);
      else {
        this.#everywhere.add(index);
        this.#tellRegistry();
        this.#schedule(end, { kind: 'fault-ends', fault: index, node: undefined });
      }
      return;
    }
    const nodes = node === undefined ? fault.nodes : [node];
    for (const each of nodes) {
      const uniform = this.#world.streams.stream(this.#streamOf(fault, index, each));
      uniform(); // when it begins, where that is drawn
      this.#schedule(after(now, draw(fault.for, uniform())), { kind: 'fault-ends', fault: index, node: each });
      this.#add(fault, each, 1);
    }
    if (fault.kind === 'node-loss') this.#ports.lost(nodes.filter((each) => this.#of(each).losses === 1));
  }

  /** The fault is repaired, on the node; where it is random, the next one is drawn. */
  ends(index: number, node: number | undefined): void {
    const fault = defined(this.#faults[index], 'fault');
    if (!isNodeFault(fault) || node === undefined) {
      this.#everywhere.delete(index);
      this.#tellRegistry();
      return;
    }
    this.#add(fault, node, -1);
    if (fault.kind === 'node-loss' && this.#of(node).losses === 0) this.#ports.back(node);
    const name = this.#nodeStream(fault, index, node);
    this.#count.set(name, (this.#count.get(name) ?? 0) + 1);
    if ('mtbf' in fault.begins) this.#scheduleNext(fault, index, node);
  }

  #tellRegistry(): void {
    const speeds = [...this.#everywhere]
      .map((index) => this.#faults[index])
      .flatMap((fault) => (fault?.kind === 'slow-registry' ? fault.speed : []));
    this.#ports.registry(Math.min(1000, ...speeds));
  }

  #add(fault: NodeFault, node: number, sign: 1 | -1): void {
    const at = this.#of(node);
    if (fault.kind === 'node-loss') {
      at.losses += sign;
      return;
    }
    if (fault.kind === 'agent-down') at.agents += sign;
    else {
      const speeds = fault.kind === 'slow-node' ? at.slow : at.slowSwap;
      if (sign > 0) speeds.push(fault.speed);
      else speeds.splice(speeds.indexOf(fault.speed), 1);
    }
    const where = this.#world.cluster.node(node);
    where.speed = Math.min(1000, ...at.slow);
    where.swapSpeed = Math.min(1000, ...at.slowSwap);
    where.agentUp = at.agents === 0;
    this.#ports.changed(node);
  }

  #of(node: number): AtWork {
    let at = this.#atWork.get(node);
    if (!at) this.#atWork.set(node, (at = { losses: 0, agents: 0, slow: [], slowSwap: [] }));
    return at;
  }

  /** Names what a kind of fault does to a node; faults of one kind are told apart by their order. */
  #nodeStream({ kind }: NodeFault, index: number, node: number): string {
    const earlier = this.#faults.slice(0, index).filter((fault) => fault.kind === kind).length;
    return `fault/${kind}${earlier === 0 ? '' : `.${String(earlier)}`}/${this.#world.cluster.node(node).name}`;
  }

  #streamOf(fault: NodeFault, index: number, node: number): string {
    const name = this.#nodeStream(fault, index, node);
    return `${name}/${String(this.#count.get(name) ?? 0)}`;
  }

  #scheduleNext(fault: NodeFault, index: number, node: number): void {
    if (!('mtbf' in fault.begins)) return;
    const wait = exponential(fault.begins.mtbf, this.#world.streams.once(this.#streamOf(fault, index, node)));
    const at = this.#world.now() + Math.round(wait);
    this.#schedule(time(Math.min(at, Number.MAX_SAFE_INTEGER)), { kind: 'fault-begins', fault: index, node });
  }

  /** What lies beyond the end of the run never happens. */
  #schedule(
    at: Time,
    event: { readonly kind: 'fault-begins' | 'fault-ends'; readonly fault: number; readonly node: number | undefined },
  ): void {
    if (at <= this.#world.end) this.#world.schedule(at, event);
  }
}
