import { after } from '../base/units.ts';
import type { Pod } from '../cluster/pod.ts';
import type { Slot } from '../cluster/slot.ts';
import { setMissed, setMode, setState, tellMode } from './changes.ts';
import type { Fleet } from './fleet.ts';
import { absent, dead } from './traffic-modes.ts';
import type { World } from './world.ts';

/**
 * What becomes of pods and slots whose node is lost. At once: they have failed, what waited at them is lost, and clients still send to them. After `nodeLoss.unregister` nobody
 * sends to them any more. A node that is back before they are evicted starts them again where they are; otherwise, `detect` + `evict` after the loss, they are given up and made anew
 * elsewhere, in the same roles. A slot is started again for the app that is to hold it.
 */
export class NodeLoss {
  readonly #world: World;
  readonly #fleet: Fleet;

  constructor(world: World, fleet: Fleet) {
    this.#world = world;
    this.#fleet = fleet;
  }

  /** The nodes are lost; returns the slots that were on them. */
  lost(nodes: readonly number[]): readonly Slot[] {
    const { cluster, platform } = this.#world;
    const now = this.#world.now();
    const { unregister, detect, evict } = platform.nodeLoss;
    const slots = new Set<Slot>();
    for (const index of nodes) {
      const node = cluster.node(index);
      cluster.setNodeState(node, 'lost');
      this.#world.schedule(after(now, unregister), { kind: 'node-due', node: index, epoch: node.epoch, what: 'unregister' });
      this.#world.schedule(after(after(now, detect), evict), { kind: 'node-due', node: index, epoch: node.epoch, what: 'evict' });
    }
    for (const pod of cluster.podsOn(nodes)) {
      if ((pod.state === 'draining' && !pod.standby) || pod.state === 'terminating') {
        this.#fleet.departures.gone(pod, 'node lost');
        continue;
      }
      const slot = cluster.slotOf(pod);
      if (slot) slots.add(slot);
      setMissed(this.#world, pod, undefined);
      setState(this.#world, pod, 'failed', 'node lost');
      pod.intended = pod.intended && dead(pod.intended, this.#isWanted(pod));
      tellMode(this.#world, pod, 'lost');
    }
    for (const slot of slots) {
      cluster.releaseExtra(now, slot);
      cluster.setSlotState(now, slot, 'failed');
    }
    return [...slots];
  }

  /** Clients know: they send nothing any more. */
  unregister(node: number): void {
    for (const pod of this.#failedOn(node)) setMode(this.#world, pod, this.#isWanted(pod) ? absent('fault') : undefined);
  }

  /** The node is back before its pods were given up: they start again. */
  back(index: number): void {
    const { cluster } = this.#world;
    const now = this.#world.now();
    const node = cluster.node(index);
    cluster.setNodeState(node, 'ready');
    for (const pod of this.#failedOn(index)) {
      const slot = cluster.slotOf(pod);
      if (slot) cluster.setHolder(now, slot, slot.wanted);
      this.#fleet.restart(pod);
    }
    this.#fleet.binder.nodeBack();
  }

  /** The node has been away for too long: what was on it is made anew. */
  evict(node: number): void {
    const slots = new Set<Slot>();
    for (const pod of this.#failedOn(node)) {
      const slot = this.#world.cluster.slotOf(pod);
      if (!slot) this.#fleet.replace(pod);
      else if (!slots.has(slot)) {
        slots.add(slot);
        this.#fleet.replaceSlot(slot);
      }
    }
  }

  /** Whether the pod would run, were its node there. */
  #isWanted(pod: Pod): boolean {
    const slot = this.#world.cluster.slotOf(pod);
    return slot === undefined ? !pod.standby : slot.wanted === pod.app;
  }

  #failedOn(node: number): readonly Pod[] {
    return this.#world.cluster.podsOn([node]).filter(({ state }) => state === 'failed');
  }
}
