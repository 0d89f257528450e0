import { ProcessorSharing } from './processor-sharing.ts';
import type { World } from './world.ts';

const directions = ['out', 'in'] as const;
type Direction = (typeof directions)[number];

/** The swap devices of all nodes, two directions each, made when they are first used. */
export class SwapDevices {
  readonly #world: World;
  readonly #devices = new Map<string, ProcessorSharing>();

  constructor(world: World) {
    this.#world = world;
  }

  of(node: number, direction: Direction): ProcessorSharing {
    let device = this.#devices.get(key(node, direction));
    if (!device) this.#devices.set(key(node, direction), (device = new ProcessorSharing(this.#bandwidth(node, direction))));
    return device;
  }

  /** Bytes that the node has swapped in the direction so far. */
  moved(node: number, direction: Direction): number {
    return this.#devices.get(key(node, direction))?.moved(this.#world.now()) ?? 0;
  }

  /** The node's swap speed has changed. */
  changed(node: number): void {
    for (const direction of directions) {
      const device = this.#devices.get(key(node, direction));
      if (!device) continue;
      device.setBandwidth(this.#world.now(), this.#bandwidth(node, direction));
      announce(this.#world, device, node, direction);
    }
  }

  /** The node is lost, and what is swapped there with it. */
  lost(node: number): void {
    for (const direction of directions) this.#devices.get(key(node, direction))?.clear(this.#world.now());
  }

  #bandwidth(index: number, direction: Direction): number {
    const { cluster } = this.#world;
    const node = cluster.node(index);
    const { swapOut, swapIn } = cluster.shape(node);
    return ((direction === 'out' ? swapOut : swapIn) * node.swapSpeed) / 1000;
  }
}

/** Announces the end of the device's first transfer. */
export function announce(world: World, device: ProcessorSharing, node: number, direction: Direction): void {
  const end = device.nextEnd();
  if (end !== undefined) world.schedule(end, { kind: 'swap-due', node, direction, epoch: device.epoch });
}

const key = (node: number, direction: Direction): string => `${direction} ${String(node)}`;
