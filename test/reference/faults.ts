import type { Fault, NodeFault } from '../../src/operations/fault-spec.ts';
import { draw } from '../../src/random/duration-law.ts';
import { exponential } from '../../src/random/variates.ts';
import { ranks } from './clock.ts';
import type { Platform } from './platform.ts';
import type { Node } from './world.ts';

/** Lets the scenario's faults begin and end. */
export class Faults {
  readonly #platform: Platform;
  readonly #end: number;
  /** Bandwidths of the registry that slow it down now. */
  readonly #registry: number[] = [];
  /** Faults begun so far. */
  begun = 0;

  constructor(platform: Platform) {
    this.#platform = platform;
    const { scenario } = platform.world;
    this.#end = scenario.horizon;
    for (const fault of scenario.faults) {
      if ('at' in fault.begins) this.#at(fault.begins.at, ranks.breaks, () => this.#begin(fault));
      else if ('nodes' in fault) for (const node of this.#nodes(fault)) this.#again(fault, node, 0);
    }
  }

  #at(at: number, rank: number, happens: () => void): void {
    if (at <= this.#end) this.#platform.world.clock.at(at, rank, happens);
  }

  #nodes(fault: NodeFault): readonly Node[] {
    return fault.nodes.map((index) => this.#platform.world.nodes[index] as Node);
  }

  /** The stream of the `nth` time that the fault meets the node: when it begins, and for how long. */
  #stream(fault: NodeFault, node: Node, nth: number): () => number {
    const { scenario, streams } = this.#platform.world;
    const alike = scenario.faults.filter(({ kind }) => kind === fault.kind).indexOf(fault);
    return streams.stream(`fault/${fault.kind}${alike === 0 ? '' : `.${String(alike)}`}/${node.name}/${String(nth)}`);
  }

  #again(fault: NodeFault, node: Node, nth: number): void {
    if (!('mtbf' in fault.begins)) return;
    const wait = Math.round(exponential(fault.begins.mtbf, this.#stream(fault, node, nth)()));
    this.#at(this.#platform.world.clock.now + wait, ranks.breaks, () => this.#hit(fault, [node], nth));
  }

  #begin(fault: Fault): void {
    const { world, pushLosses, fleet } = this.#platform;
    const end = world.clock.now + fault.for.median;
    switch (fault.kind) {
      case 'scheduler-stall':
      case 'api-stall':
        this.begun++;
        fleet.life.scheduling.stall(end);
        if (fault.kind === 'scheduler-stall') return;
        {
          const later = this.#platform.writes.stall(world.clock.now, end);
          for (const walk of this.#platform.walks) walk.holdUp(later);
        }
        return;
      case 'push-loss':
        this.begun++;
        pushLosses.push(fault);
        this.#at(end, ranks.over, () => pushLosses.splice(pushLosses.indexOf(fault), 1));
        return;
      case 'slow-registry':
        this.begun++;
        this.#registry.push(fault.speed);
        fleet.life.images.slowed(Math.min(1000, ...this.#registry));
        this.#at(end, ranks.over, () => {
          this.#registry.splice(this.#registry.indexOf(fault.speed), 1);
          fleet.life.images.slowed(Math.min(1000, ...this.#registry));
        });
        return;
      default:
        this.#hit(fault, this.#nodes(fault), 0);
    }
  }

  #hit(fault: NodeFault, nodes: readonly Node[], nth: number): void {
    const { world, fleet } = this.#platform;
    this.begun++;
    for (const node of nodes) {
      const uniform = this.#stream(fault, node, nth);
      uniform(); // when it begins
      this.#at(world.clock.now + draw(fault.for, uniform()), ranks.over, () => this.#repair(fault, node, nth));
      if (fault.kind === 'node-loss') node.losses++;
      else if (fault.kind === 'agent-down') node.agentsDown++;
      else if (fault.kind === 'slow-swap') node.swapSpeeds.push(fault.speed);
      if (fault.kind !== 'node-loss') this.#changed(node);
    }
    const lost = fault.kind === 'node-loss' ? nodes.filter(({ losses }) => losses === 1) : [];
    if (lost.length === 0) return;
    for (const node of lost) this.#platform.clear(node);
    const slots = fleet.lost(lost);
    for (const at of this.#platform.switches) {
      const own = slots.filter(({ owner }) => owner === at.operation);
      if (own.length > 0) at.lost(own);
    }
  }

  #repair(fault: NodeFault, node: Node, nth: number): void {
    if (fault.kind === 'node-loss') {
      if (--node.losses === 0) this.#platform.fleet.back(node);
    } else {
      if (fault.kind === 'agent-down') node.agentsDown--;
      else if (fault.kind === 'slow-swap') node.swapSpeeds.splice(node.swapSpeeds.indexOf(fault.speed), 1);
      this.#changed(node);
    }
    this.#again(fault, node, nth + 1);
  }

  #changed(node: Node): void {
    this.#platform.retune(node);
    if (node.agentsDown > 0) return;
    for (const walk of this.#platform.walks) if (walk.slot.node === node) walk.agentBack();
  }
}
