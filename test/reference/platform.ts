import { ranks } from './clock.ts';
import type { Fleet } from './fleet.ts';
import { dividedBy, times, whole } from './fraction.ts';
import { Sharing } from './sharing.ts';
import type { Switch } from './switch.ts';
import type { Walk } from './walk.ts';
import { type App, type Node, type Pod, push, type Slot, type World } from './world.ts';
import { Writes } from './writes.ts';

/** What the walks of slots share: swap devices, the API server, lost pushes, the inspection's list. */
export class Platform {
  readonly world: World;
  readonly fleet: Fleet;
  readonly switches: Switch[] = [];
  readonly writes: Writes;
  /** Shares of lost pushes that faults bring, at work now, and the apps that they are about. */
  readonly pushLosses: { readonly share: number; readonly apps: readonly string[] | undefined }[] = [];
  /** Pods whose sidecars missed a push, as far as the inspection has not found them mended. */
  readonly drifted = new Set<Pod>();
  readonly #devices = new Map<Node, Record<'out' | 'in', Sharing<Walk>>>();
  #inspects = -1;
  /** What the inspection does at its moments. */
  inspect: () => void = () => {};

  constructor(world: World, fleet: Fleet) {
    this.world = world;
    this.fleet = fleet;
    this.writes = new Writes(world.platform.api.writes);
  }

  get walks(): readonly Walk[] {
    return this.switches.flatMap((at) => at.healthy);
  }

  device(node: Node, direction: 'out' | 'in'): Sharing<Walk> {
    const known = this.#devices.get(node);
    if (known) return known[direction];
    const make = (way: 'out' | 'in'): Sharing<Walk> =>
      new Sharing(this.world.clock, bandwidth(node, way), (walks) => {
        for (const walk of walks) walk.goOn();
      });
    const both = { out: make('out'), in: make('in') };
    this.#devices.set(node, both);
    return both[direction];
  }

  /** The node's devices have another speed, or are announced anew. */
  retune(node: Node): void {
    const devices = this.#devices.get(node);
    for (const way of ['out', 'in'] as const) devices?.[way].setBandwidth(bandwidth(node, way));
  }

  clear(node: Node): void {
    const devices = this.#devices.get(node);
    for (const way of ['out', 'in'] as const) devices?.[way].giveUp(() => true);
  }

  /** Whether the pod's push of this number is lost. */
  loses({ app, kind, index, incarnation }: Pod, number: number): boolean {
    const about = this.pushLosses.filter(({ apps }) => apps?.includes(app.name) ?? true);
    const share = Math.max(this.world.platform.pushLoss, ...about.map((loss) => loss.share));
    const again = incarnation === 0 ? '' : `~${String(incarnation)}`;
    return share > 0 && this.world.streams.once(`push-loss/${app.name}/${kind}/${String(index)}${again}/${String(number)}`) < share;
  }

  /** A ratio push has reached the pod's sidecar, or has not. */
  pushed(pod: Pod, number: number): void {
    pod.missed = this.loses(pod, number);
    if (!pod.missed) return;
    this.drifted.add(pod);
    this.expectInspection();
  }

  /** The inspection looks at multiples of its period, where there is something to find. */
  expectInspection(): void {
    const { clock, platform } = this.world;
    if (platform.inspection === undefined || this.#inspects > clock.now) return;
    const { every } = platform.inspection;
    this.#inspects = (Math.floor(clock.now / every) + 1) * every;
    clock.at(this.#inspects, ranks.look, () => this.inspect());
  }

  /** The inspection sends the ratio again to the sidecars that missed it. */
  repeatPushes(): void {
    for (const pod of [...this.drifted]) {
      if (!pod.missed) {
        this.drifted.delete(pod);
        continue;
      }
      const number = pod.pushes;
      const takes = push(this.world, pod);
      if (this.loses(pod, number)) continue;
      pod.repeated = this.world.clock.at(this.world.clock.now + takes, ranks.over, () => {
        if (!pod.missed) return;
        pod.missed = false;
        this.drifted.delete(pod);
      });
    }
  }

  /** Pods of the app that run and are about to lose their traffic to a switch. */
  promised(app: App): number {
    return this.walks.filter(({ giver, slot }) => giver === app && isRunning(slot, app)).length;
  }

  /** Room on a node was given back. */
  roomBack(slot: Slot): void {
    slot.extraFor = undefined;
    this.fleet.life.starts.share(slot.node as Node);
    this.fleet.life.scheduling.wake('NodeResourcesFit', 'PodTopologySpread');
  }
}

export const isRunning = ({ tenants }: Slot, app: App): boolean => tenants.some((pod) => pod.app === app && pod.state === 'running');

function bandwidth(node: Node, way: 'out' | 'in') {
  const bytes = way === 'out' ? node.spec.swapOut : node.spec.swapIn;
  return dividedBy(times(whole(bytes), whole(Math.min(1000, ...node.swapSpeeds))), whole(1000));
}
