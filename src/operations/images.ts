import { defined } from '../base/assert.ts';
import { roundUp } from '../base/round-up.ts';
import { type Duration, duration } from '../base/units.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Node } from '../cluster/node.ts';
import type { Pod } from '../cluster/pod.ts';
import type { PodSpecs } from '../cluster/specs.ts';
import { setState } from './changes.ts';
import type { Platform } from './platform.ts';
import { ProcessorSharing } from './processor-sharing.ts';
import type { World } from './world.ts';

/** An image on its way to a node, and the pods that wait for it there. */
interface Pull {
  readonly app: number;
  readonly pods: Pod[];
}

/**
 * Delivery of images: what is on a node stays there, and what is not is pulled from the registry. A node pulls one image at a time, in the order in which they are
 * asked for (kubelet's default, serializeImagePulls), and pods that wait for one image on one node share its pull. The nodes that pull share the registry equally.
 * A pull that has begun goes on even if no pod waits for it any more.
 */
export class Images {
  readonly #world: World;
  readonly #registry: ProcessorSharing;
  /** By node: the pull under way, and those that wait behind it. */
  readonly #pulls = new Map<number, Pull[]>();
  readonly #there: (pod: Pod, reason: string) => void;

  /** `there` is told of every pod whose image has come to its node. */
  constructor(world: World, there: (pod: Pod, reason: string) => void) {
    this.#world = world;
    this.#there = there;
    const { bandwidth, perNode } = world.platform.registry;
    this.#registry = new ProcessorSharing(bandwidth, perNode);
    preheat(world.cluster);
  }

  /** The pod's image is on its node: it has been placed there before the day. */
  put(pod: Pod): void {
    const { cluster } = this.#world;
    if (cluster.app(pod.app).image.size > 0) cluster.node(pod.node).images.add(pod.app);
  }

  /** A pod on a node needs its image; it is told at once where that is there. */
  need(pod: Pod, reason: string): void {
    const { cluster } = this.#world;
    const node = cluster.node(pod.node);
    if (cluster.app(pod.app).image.size === 0 || node.images.has(pod.app)) {
      this.#there(pod, reason);
      return;
    }
    setState(this.#world, pod, 'pulling', reason);
    const pulls = this.#pulls.get(node.index) ?? [];
    this.#pulls.set(node.index, pulls);
    const same = pulls.find(({ app }) => app === pod.app);
    if (same) same.pods.push(pod);
    else if (pulls.push({ app: pod.app, pods: [pod] }) === 1) this.#begin(node);
  }

  /** The first pulls are over; void if the registry's epoch has moved on. */
  pullDue(epoch: number): void {
    if (epoch !== this.#registry.epoch) return;
    for (const index of this.#registry.finish(this.#world.now())) {
      const node = this.#world.cluster.node(index);
      const pulls = defined(this.#pulls.get(index), 'pulls of a node');
      const { app, pods } = defined(pulls.shift(), 'pull');
      node.images.add(app);
      for (const pod of pods) if (pod.state === 'pulling') this.#there(pod, 'pulled');
      while (pulls.length > 0 && pulls[0]?.pods.every(({ state }) => state !== 'pulling')) pulls.shift();
      if (pulls.length > 0) this.#begin(node);
      else this.#pulls.delete(index);
    }
    this.#announce();
  }

  /** The nodes are lost, and what they were pulling with them; what they had stays on their disks. */
  lost(nodes: readonly number[]): void {
    const pulling = nodes.filter((node) => this.#pulls.delete(node));
    for (const node of pulling) this.#registry.cancel(this.#world.now(), node);
    if (pulling.length > 0) this.#announce();
  }

  /** The registry has `speed`/1000 of its bandwidth from now on. */
  slowed(speed: number): void {
    this.#registry.setBandwidth(this.#world.now(), (this.#world.platform.registry.bandwidth * speed) / 1000);
    this.#announce();
  }

  #begin(node: Node): void {
    const { app } = defined(this.#pulls.get(node.index)?.[0], 'pull');
    this.#registry.start(this.#world.now(), node.index, this.#world.cluster.app(app).image.size);
    this.#announce();
  }

  #announce(): void {
    const end = this.#registry.nextEnd();
    if (end !== undefined) this.#world.schedule(end, { kind: 'pull-due', epoch: this.#registry.epoch });
  }
}

/** Puts the preheated images on the first nodes of each pool in each zone. */
function preheat({ apps, nodes, spec }: Cluster): void {
  const preheated = apps.flatMap(({ image }, app) => (image.size > 0 && image.preheated > 0 ? [{ app, share: image.preheated }] : []));
  if (preheated.length === 0) return;
  for (const [pool] of spec.pools.entries())
    for (const [zone] of spec.zones.entries()) {
      const here = nodes.filter((node) => node.pool === pool && node.zone === zone);
      for (const { app, share } of preheated) for (const node of here.slice(0, roundUp(share * here.length))) node.images.add(app);
    }
}

/** How long the image takes a node that pulls alone; nothing where every node has it. */
export function pullAlone({ image }: PodSpecs, { bandwidth, perNode }: Platform['registry']): Duration {
  return duration(image.preheated === 1 ? 0 : Math.ceil((image.size * 1e6) / Math.min(bandwidth, perNode)));
}
