import { InvariantError } from '../base/assert.ts';
import { after } from '../base/units.ts';
import type { Pod, PodState } from '../cluster/pod.ts';
import type { Awaited } from './awaited.ts';
import { dueAt, pushDelay, setMode, setState } from './changes.ts';
import { absent, dead, draining, standingBy } from './traffic-modes.ts';
import type { World } from './world.ts';

/**
 * Pods that were created before they are needed (a warm pool): placed, pulled and started, with all their requests reserved, but not registered.
 * One is activated by a registration push and warms up, instead of going the whole cold path.
 */
export class Standby {
  readonly #world: World;
  readonly #awaited: Awaited;
  /** Pods that stand by, or will, per app, oldest first. */
  readonly #pools: readonly Set<Pod>[];
  /** Those that began to start while they were to stand by: no push to clients goes with their start. */
  readonly #unannounced = new Set<Pod>();

  constructor(world: World, awaited: Awaited) {
    this.#world = world;
    this.#awaited = awaited;
    this.#pools = world.cluster.apps.map(() => new Set());
  }

  pool(app: number): Set<Pod> {
    return this.#pools[app] as Set<Pod>;
  }

  /**
   * Takes up to `count` pods out of the pool and appends them to `wanted`: those that stand by before those still on their way, the furthest first; then
   * where the zone has the fewest wanted pods; then the oldest.
   */
  claim(app: number, wanted: Pod[], count: number): readonly Pod[] {
    const pool = this.pool(app);
    const claimed: Pod[] = [];
    if (count <= 0 || pool.size === 0) return claimed;
    const perZone = new Array<number>(this.#world.cluster.spec.zones.length).fill(0);
    for (const { zone } of wanted) perZone[zone] = (perZone[zone] as number) + 1;
    while (claimed.length < count) {
      const before = (a: Pod, b: Pod): boolean => {
        const [rankA, rankB] = [rank(a), rank(b)];
        return rankA === rankB ? (perZone[a.zone] as number) < (perZone[b.zone] as number) : rankA < rankB;
      };
      let best: Pod | undefined;
      for (const pod of pool) if (rank(pod) < Infinity && (best === undefined || before(pod, best))) best = pod;
      if (best === undefined) break;
      pool.delete(best);
      this.#world.cluster.setStandby(best, false);
      perZone[best.zone] = (perZone[best.zone] as number) + 1;
      claimed.push(best);
      wanted.push(best);
    }
    return claimed;
  }

  /** A pod of the pool is wanted now: it is registered if it has started, and as soon as it has if not. */
  activate(pod: Pod): void {
    if (pod.state !== 'standby') {
      setMode(this.#world, pod, absent('cold-start'));
      return;
    }
    setMode(this.#world, pod, standingBy('cold-start'));
    dueAt(this.#world, pod, after(this.#world.now(), pushDelay(this.#world, pod)));
  }

  /** A pod that is not wanted any more stands by from now on, or as soon as it has drained or started. */
  putAside(pod: Pod): void {
    const { cluster } = this.#world;
    switch (pod.state) {
      case 'running':
      case 'warming':
        setState(this.#world, pod, 'draining', 'to standby');
        setMode(this.#world, pod, draining);
        dueAt(this.#world, pod, after(pod.since, cluster.app(pod.app).drain));
        break;
      case 'standby':
        pod.epoch++; // its registration is taken back
        setMode(this.#world, pod, standingBy());
        this.#awaited.done(pod);
        break;
      case 'pending':
      case 'pulling':
      case 'starting':
        setMode(this.#world, pod, undefined);
        break;
      case 'failed':
        // It will start again, or be made anew, to stand by: nothing is missing. Clients may not have noticed yet.
        setMode(this.#world, pod, pod.intended && pod.intended.weight > 0 ? dead(pod.intended, false) : undefined);
        break;
      default:
        throw new InvariantError(`a pod that is ${pod.state} cannot be put aside`);
    }
    cluster.setStandby(pod, true);
    this.pool(pod.app).add(pod);
  }

  /** The pod begins to start: to stand by, or to be announced at the end of its start. */
  starting(pod: Pod): void {
    if (pod.standby) this.#unannounced.add(pod);
    else this.#unannounced.delete(pod);
  }

  /** The pod has started; false if it is to warm up at once. */
  started(pod: Pod): boolean {
    const unannounced = this.#unannounced.delete(pod);
    if (!pod.standby && !unannounced) return false;
    setState(this.#world, pod, 'standby', 'started');
    if (pod.standby) this.#stands(pod);
    else this.activate(pod);
    return true;
  }

  /** The pod has drained; false if it is not to stand by. */
  drained(pod: Pod): boolean {
    if (!pod.standby) return false;
    setState(this.#world, pod, 'standby', 'drained');
    this.#stands(pod);
    return true;
  }

  /** The pod has failed for good, and `anew` is in its place. */
  replace(pod: Pod, anew: Pod): void {
    this.forget(pod);
    this.#world.cluster.setStandby(anew, true);
    this.pool(anew.app).add(anew);
  }

  /** The pod leaves for good. */
  forget(pod: Pod): void {
    this.pool(pod.app).delete(pod);
    this.#unannounced.delete(pod);
    this.#world.cluster.setStandby(pod, false);
  }

  #stands(pod: Pod): void {
    setMode(this.#world, pod, standingBy());
    this.#awaited.done(pod);
  }
}

/** How far a pod is from standing by: the nearest are taken first; those that drain are not taken at all. */
const order: readonly PodState[] = ['standby', 'starting', 'pulling', 'pending'];
function rank({ state }: Pod): number {
  const place = order.indexOf(state);
  return place < 0 ? Infinity : place;
}
