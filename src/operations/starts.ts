import { after, type Duration, duration } from '../base/units.ts';
import type { Node } from '../cluster/node.ts';
import type { Pod } from '../cluster/pod.ts';
import { setStartCpu } from '../cluster/start-cpu.ts';
import { dueAt } from './changes.ts';
import type { World } from './world.ts';

/** A start at work: CPU still to be used (millicore-µs), and what it gets. */
interface Start {
  readonly pod: Pod;
  /** Of the pod when the start was last planned: another one voids it. */
  epoch: number;
  /** Limit in force without a burst, and what it uses if it gets it, millicores. */
  readonly limit: number;
  readonly wanted: number;
  /** From the end of the start to its announcement. */
  readonly announced: Duration;
  left: number;
  got: number;
  over: boolean;
}

/** The starts on one node, as they were at `since`. */
interface AtWork {
  starts: Start[];
  since: number;
}

/**
 * The CPU of starting pods (class loading, compilation). A start that takes t with all of its `startupCpu` is t · startupCpu of work. A pod has its limit; what it would use beyond
 * (a burst) it gets from the CPU that nothing on its node has reserved, shared by max-min among the pods that start there: with less, its start takes longer.
 */
export class Starts {
  readonly #world: World;
  readonly #nodes = new Map<number, AtWork>();

  constructor(world: World) {
    this.#world = world;
    world.cluster.reservationChanged = (node) => {
      this.share(node);
    };
  }

  /** The pod begins to start; its `pod-due` comes when the work is done. False where its app's starts are a matter of time alone. */
  begin(pod: Pod, startup: Duration, announced: Duration): boolean {
    const { cluster } = this.#world;
    const wanted = cluster.app(pod.app).startupCpu;
    if (wanted === 0) return false;
    const node = cluster.node(pod.node);
    const at: AtWork = this.#nodes.get(node.index) ?? { starts: [], since: 0 };
    this.#nodes.set(node.index, at);
    this.#progress(at);
    at.starts.push({ pod, epoch: pod.epoch, limit: pod.limits.millicores, wanted, announced, left: startup * wanted, got: 0, over: false });
    this.share(node);
    return true;
  }

  /** The pod has used the CPU of its start: how long until it is announced; 0 for one that has not been at work here. */
  ended(pod: Pod): Duration {
    const node = this.#world.cluster.node(pod.node);
    const start = this.#nodes.get(node.index)?.starts.find((candidate) => candidate.pod === pod);
    if (start === undefined) return duration(0);
    start.over = true;
    this.share(node);
    return start.announced;
  }

  /** Shares what nothing on the node has reserved anew: a start has begun, ended or been given up, or a reservation has changed. */
  share(node: Node): void {
    const at = this.#nodes.get(node.index);
    if (at === undefined) return;
    this.#progress(at);
    for (const { over, pod } of at.starts) if (over) this.#use(node, pod, 0);
    at.starts = at.starts.filter(({ over, pod, epoch }) => !over && pod.epoch === epoch);
    if (at.starts.length === 0) this.#nodes.delete(node.index);

    const gets = new Map<Start, number>();
    let free = node.millicores - node.reservedMillicores;
    const byNeed = [...at.starts].sort((a, b) => a.wanted - a.limit - (b.wanted - b.limit));
    byNeed.forEach((start, index) => {
      const burst = Math.min(Math.max(0, start.wanted - start.limit), Math.floor(free / (byNeed.length - index)));
      free -= burst;
      gets.set(start, Math.min(start.wanted, start.limit) + burst);
    });
    // Those that get less first, so that there never is more in use than there is.
    const changed = [...gets].filter(([start, got]) => start.got !== got).sort(([a, x], [b, y]) => x - a.got - (y - b.got));
    for (const [start, got] of changed) {
      start.got = got;
      this.#use(node, start.pod, got);
      start.epoch = ++start.pod.epoch;
      dueAt(this.#world, start.pod, after(this.#world.now(), duration(Math.max(0, Math.ceil(start.left / got)))));
    }
  }

  #use(node: Node, pod: Pod, millicores: number): void {
    setStartCpu(this.#world.cluster.ledger, this.#world.now(), node, pod, millicores);
    this.#world.emit({ kind: 'start-cpu', app: pod.app });
  }

  #progress(at: AtWork): void {
    const now = this.#world.now();
    for (const start of at.starts) start.left -= start.got * (now - at.since);
    at.since = now;
  }
}
