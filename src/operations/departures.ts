import { after } from '../base/units.ts';
import type { Pod } from '../cluster/pod.ts';
import type { Slot } from '../cluster/slot.ts';
import { requestOf, type Unit } from '../placement/unit.ts';
import type { Awaited } from './awaited.ts';
import type { Binder } from './binder.ts';
import { dueAt, setMissed, setMode, setState } from './changes.ts';
import type { Starts } from './starts.ts';
import { draining } from './traffic-modes.ts';
import type { World } from './world.ts';

/** How pods and slots leave: what took traffic drains first, what has a container is terminated, what has none is gone at once; then what they had reserved is free. */
export class Departures {
  readonly #world: World;
  readonly #binder: Binder;
  readonly #awaited: Awaited;
  readonly #starts: Starts;

  constructor(world: World, at: { readonly binder: Binder; readonly awaited: Awaited; readonly starts: Starts }) {
    this.#world = world;
    this.#binder = at.binder;
    this.#awaited = at.awaited;
    this.#starts = at.starts;
  }

  remove(pod: Pod): void {
    setMissed(this.#world, pod, undefined); // its ratio does not matter any more
    switch (pod.state) {
      case 'pending':
        this.gone(pod, 'withdrawn');
        return;
      case 'failed':
        this.leaves(pod);
        this.gone(pod, 'evicted');
        return;
      case 'pulling':
        this.leaves(pod);
        this.gone(pod, 'scaled down');
        return;
      case 'running':
      case 'warming':
      case 'draining-to-standby':
      case 'cutoff':
      case 'swapping-in':
        this.leaves(pod);
        setState(this.#world, pod, 'draining', 'scaled down');
        setMode(this.#world, pod, draining);
        dueAt(this.#world, pod, after(pod.since, this.#world.cluster.app(pod.app).drain));
        return;
      case 'draining':
        this.leaves(pod); // on its way to standby, and not any more
        return;
      default:
        this.leaves(pod);
        this.terminate(pod, 'scaled down');
    }
  }

  /** A unit on its way out does not count for the spread any more (upstream: podtopologyspread/common.go passes over terminating pods). */
  leaves(pod: Pod): void {
    const { cluster } = this.#world;
    const slot = cluster.slotOf(pod);
    if (slot !== undefined && pod !== slot.tenants[0]) return;
    const unit: Unit = slot === undefined ? { kind: 'pod', pod } : { kind: 'slot', slot };
    this.#binder.leaves(requestOf(cluster, unit, this.#world.now()), pod.zone);
  }

  removeSlot(slot: Slot): void {
    this.#world.cluster.setSlotState(this.#world.now(), slot, 'leaving');
    for (const pod of slot.tenants) this.remove(pod);
  }

  terminate(pod: Pod, reason: string): void {
    setState(this.#world, pod, 'terminating', reason);
    this.#starts.share(this.#world.cluster.node(pod.node));
    setMode(this.#world, pod, undefined);
    dueAt(this.#world, pod, after(pod.since, this.#world.cluster.app(pod.app).terminate));
  }

  /** The pod is no more: what it had reserved is free, and those that fitted nowhere are tried again. */
  gone(pod: Pod, reason: string): void {
    const { cluster } = this.#world;
    const now = this.#world.now();
    const [placed, slot] = [pod.node !== undefined, cluster.slotOf(pod)];
    setMissed(this.#world, pod, undefined);
    if (pod.mode) setMode(this.#world, pod, undefined);
    setState(this.#world, pod, 'gone', reason);
    if (slot === undefined) {
      if (placed) cluster.releasePod(now, pod);
      this.#awaited.done(pod);
    } else if (slot.tenants.every((tenant) => tenant.state === 'gone')) {
      cluster.releaseExtra(now, slot);
      if (placed) cluster.releaseSlot(now, slot);
      cluster.setSlotState(now, slot, 'gone');
      this.#awaited.done(slot);
    }
    if (placed && (slot === undefined || slot.state === 'gone')) this.#binder.freed();
  }
}
