import { InputError } from '../base/errors.ts';
import { grouped } from '../base/grouped.ts';
import type { Time } from '../base/units.ts';
import { clockLabel } from '../base/wall-clock.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { RunHooks } from './run.ts';

/** Between single requests, of which one event may hold millions: whether the run shall stop, and whether they have become more than the scenario allows. */
export class Pulse {
  stopped = false;
  readonly #scenario: Scenario;
  readonly #label: string;
  readonly #interrupted: RunHooks['interrupted'];
  #simulated = 0;

  constructor(scenario: Scenario, label: string, hooks: RunHooks | undefined) {
    this.#scenario = scenario;
    this.#label = label;
    this.#interrupted = hooks?.interrupted;
  }

  /** `simulated` attempts more, up to `at`: whether to go on. An {@link InputError} where they are too many. */
  beat(at: Time, simulated: number): boolean {
    this.#simulated += simulated;
    const { requests } = this.#scenario.limits;
    // By more than chance, of which the check before the run does not know.
    if (this.#simulated > requests + 7 * Math.sqrt(requests))
      throw new InputError(
        `${this.#scenario.name}, ${this.#label}: by ${clockLabel(at, this.#scenario.calendar)} more attempts have been simulated one by one than limits.requests allows (${grouped(requests)}), with all retries and with at least one pod of each kind: take a smaller sample, a shorter horizon, fewer tries, or raise the limit`,
      );
    this.stopped ||= this.#interrupted?.(at) ?? false;
    return !this.stopped;
  }
}
