import { type Time, time } from '../base/units.ts';
import type { Pod } from '../cluster/pod.ts';
import type { Slot } from '../cluster/slot.ts';
import { setMissed, tellMode } from './changes.ts';
import type { World } from './world.ts';

/** What the inspection needs of the controller. */
export interface InspectionPorts {
  /** Slots that are stuck and belong to no switch any more. */
  stuck(): readonly Slot[];
  /** Takes up the switch of stuck slots where each of them stands, towards the app that is to hold it. */
  repair(slots: readonly Slot[]): void;
  /** When the next push to the pod's sidecar arrives; undefined: it gets lost. */
  push(pod: Pod): Time | undefined;
}

/**
 * The inspection (巡检): at every multiple of its period it compares what should be with what is. Sidecars that missed a ratio push get it again, stuck slots are taken up where they stand.
 * What could not be mended is found again the next time. It only looks where there is something to find: its looks in vain are no events.
 */
export class Inspection {
  readonly #world: World;
  readonly #ports: InspectionPorts;
  readonly #drifted = new Set<Pod>();
  #due = -1;

  constructor(world: World, ports: InspectionPorts) {
    this.#world = world;
    this.#ports = ports;
  }

  /** The pod's sidecar missed a push. */
  missed(pod: Pod): void {
    this.#drifted.add(pod);
    this.expect();
  }

  /** There is something to find: the next inspection will look. */
  expect(): void {
    const { inspection } = this.#world.platform;
    const now = this.#world.now();
    if (inspection === undefined || this.#due > now) return;
    this.#due = (Math.floor(now / inspection.every) + 1) * inspection.every;
    this.#world.schedule(time(this.#due), { kind: 'inspection-due' });
  }

  /** Looks once. */
  due(): void {
    for (const pod of this.#drifted) {
      if (pod.missed === undefined) this.#drifted.delete(pod);
      else {
        const arrives = this.#ports.push(pod);
        if (arrives !== undefined) this.#world.schedule(arrives, { kind: 'push-due', pod: pod.id, pushes: pod.pushes });
      }
    }
    this.#ports.repair(this.#ports.stuck());
    if (this.#drifted.size > 0 || this.#ports.stuck().length > 0) this.expect();
  }

  /** A repeated push has reached the sidecar; void if another one has been sent since. */
  pushed(pod: Pod, pushes: number): void {
    if (pod.pushes !== pushes || pod.missed === undefined) return;
    setMissed(this.#world, pod, undefined);
    tellMode(this.#world, pod);
    this.#drifted.delete(pod);
  }
}
