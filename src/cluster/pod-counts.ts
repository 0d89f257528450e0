import { defined } from '../base/assert.ts';
import { type Duty, type Pod, type PodState, podStates } from './pod.ts';

const duties: readonly Duty[] = ['exclusive', 'standby', 'slot'];
/** Counters of one app and zone: one for each duty and state. */
const cells = duties.length * podStates.length;
const cellOf = Object.fromEntries(
  duties.map((duty, i) => [duty, Object.fromEntries(podStates.map((state, k) => [state, i * podStates.length + k]))]),
) as Readonly<Record<Duty, Readonly<Record<PodState, number>>>>;

/** How many pods there are by app, duty, state and zone: looked at far more often than changed, so kept in one array of numbers. */
export class PodCounts {
  readonly #zones: number;
  readonly #counts: Int32Array;
  /** Changes so far, by app. */
  readonly #changes: Float64Array;

  constructor(apps: number, zones: number) {
    this.#zones = zones;
    this.#counts = new Int32Array(apps * zones * cells);
    this.#changes = new Float64Array(apps);
  }

  /** The pod, as it is now, counts (1), or does so no more (−1). */
  add({ app, standby, role, state, zone }: Pod, delta: 1 | -1): void {
    (this.#counts[this.#at(app, zone) + cellOf[standby ? 'standby' : role.kind][state]] as number) += delta;
    (this.#changes[app] as number)++;
  }

  /** Pods of the app, in one zone or all. */
  of(app: number, duty: Duty, state: PodState, zone?: number): number {
    const cell = cellOf[duty][state];
    if (zone !== undefined) return defined(this.#counts[this.#at(app, zone) + cell], 'count');
    let sum = 0;
    for (let each = 0; each < this.#zones; each++) sum += this.#counts[this.#at(app, each) + cell] as number;
    return sum;
  }

  /** Raised whenever a count of the app changes. */
  changes(app: number): number {
    return defined(this.#changes[app], 'app');
  }

  #at(app: number, zone: number): number {
    return (app * this.#zones + zone) * cells;
  }
}
