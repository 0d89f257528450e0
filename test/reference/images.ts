import { roundUp } from '../../src/base/round-up.ts';
import { dividedBy, times, whole } from './fraction.ts';
import { Sharing } from './sharing.ts';
import { type Node, type Pod, setState, type World } from './world.ts';

/** Images: what a node has, and what it pulls, one at a time in the order asked for; the nodes that pull share the registry. */
export class Images {
  readonly #world: World;
  readonly #registry: Sharing<Node>;
  readonly #there: (pod: Pod, reason: string) => void;

  constructor(world: World, there: (pod: Pod, reason: string) => void) {
    this.#world = world;
    this.#there = there;
    const { bandwidth, perNode } = world.platform.registry;
    this.#registry = new Sharing(world.clock, whole(bandwidth), (nodes) => this.#pulled(nodes), whole(perNode));
    for (const app of world.apps)
      for (const pool of new Set(world.nodes.map((node) => node.pool)))
        for (const zone of new Set(world.nodes.map((node) => node.zone))) {
          const here = world.nodes.filter((node) => node.pool === pool && node.zone === zone);
          for (const node of here.slice(0, roundUp(app.image.preheated * here.length))) node.images.add(app);
        }
  }

  /** The pod's image is asked for on its node. */
  ask(pod: Pod, reason: string): void {
    const node = pod.node as Node;
    if (pod.app.image.size === 0 || node.images.has(pod.app)) {
      this.#there(pod, reason);
      return;
    }
    setState(this.#world, pod, 'pulling', reason);
    const same = node.pulls.find(({ app }) => app === pod.app);
    if (same) same.pods.push(pod);
    else node.pulls.push({ app: pod.app, pods: [pod] });
    if (!same && node.pulls.length === 1) this.#registry.begin(node, pod.app.image.size);
  }

  lost(nodes: readonly Node[]): void {
    if (nodes.every(({ pulls }) => pulls.length === 0)) return;
    for (const node of nodes) node.pulls = [];
    this.#registry.giveUp((node) => nodes.includes(node));
  }

  /** The registry has `speed`/1000 of its bandwidth. */
  slowed(speed: number): void {
    this.#registry.setBandwidth(dividedBy(times(whole(this.#world.platform.registry.bandwidth), whole(speed)), whole(1000)));
  }

  #pulled(nodes: readonly Node[]): void {
    for (const node of nodes) {
      const [done, ...others] = node.pulls as [Node['pulls'][number], ...Node['pulls']];
      node.images.add(done.app);
      // A pull for which nobody waits any more does not begin.
      const first = others.findIndex(({ pods }) => pods.some(({ state }) => state === 'pulling'));
      node.pulls = first < 0 ? [] : others.slice(first);
      for (const pod of done.pods) if (pod.state === 'pulling') this.#there(pod, 'pulled');
      if (node.pulls[0]) this.#registry.begin(node, node.pulls[0].app.image.size);
    }
  }
}
