import { allocatable, lasts, type Node, type Pod, reservedOn, type World } from './world.ts';

interface Start {
  readonly pod: Pod;
  /** When the pod began to start: once it is in another state this start is over. */
  readonly began: number;
  readonly limit: number;
  readonly wanted: number;
  readonly ended: () => void;
  /** Work left at `since`, millicore-µs, and the millicores that it gets. */
  left: number;
  since: number;
  got: number;
}

/**
 * The CPU of starts: the work of one is its time × its app's `startupCpu`. It gets its limit, and beyond it a share of what nothing on the node has reserved, by max-min among the starts there.
 * Who shares is asked anew whenever something on the node changes; only whose share has changed gets another end.
 */
export class Starts {
  readonly #world: World;
  #starts: Start[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  begin(pod: Pod, takes: number, ended: () => void): void {
    const { app, slot, since } = pod;
    const limit = slot && slot.holder !== app ? app.keepAlive.cpu : app.pod.cpu;
    this.#starts.push({ ...{ pod, began: since, since, limit, wanted: app.startupCpu, ended }, left: takes * app.startupCpu, got: 0 });
    this.share(pod.node as Node);
  }

  /** Shares anew what nothing on the node has reserved. */
  share(node: Node): void {
    const { now } = this.#world.clock;
    this.#starts = this.#starts.filter(({ pod, began }) => pod.state === 'starting' && pod.since === began);
    const here = this.#starts.filter(({ pod }) => pod.node === node);
    const beyond = ({ wanted, limit }: Start): number => Math.max(0, wanted - limit);
    let free = allocatable(node).cpu - reservedOn(this.#world, node).cpu;
    const changes = [...here]
      .sort((a, b) => a.wanted - a.limit - (b.wanted - b.limit))
      .map((start, index) => {
        const burst = Math.min(beyond(start), Math.floor(free / (here.length - index)));
        free -= burst;
        return { start, gets: Math.min(start.wanted, start.limit) + burst };
      })
      .filter(({ start, gets }) => start.got !== gets);
    for (const { start, gets } of changes.sort((a, b) => a.gets - a.start.got - (b.gets - b.start.got))) {
      start.left -= start.got * (now - start.since);
      start.since = now;
      start.got = gets;
      lasts(this.#world, start.pod, Math.max(0, Math.ceil(start.left / gets)), () => {
        this.#starts = this.#starts.filter((other) => other !== start);
        this.share(node);
        start.ended();
      });
    }
  }
}
