import { after, type Duration, type Time } from '../base/units.ts';
import type { SimEvent } from './events.ts';

type Because = Extract<SimEvent, { kind: 'decide' }>['because'];

/** When the strategy is going to be asked: because its period is over, because it asked to be woken, or because of news. */
export class Agenda {
  readonly #schedule: (at: Time, because: Because) => void;
  readonly #end: Time;
  #period = Infinity;
  readonly #wakes = new Set<number>();
  #news = Infinity;

  constructor(end: Time, schedule: (at: Time, because: Because) => void) {
    this.#end = end;
    this.#schedule = schedule;
  }

  /** Its period begins at `now`. */
  addPeriod(now: Time, period: Duration): void {
    const at = after(now, period);
    this.#period = at;
    if (at <= this.#end) this.#schedule(at, 'period');
  }

  /** Once for each moment. */
  addWake(at: Time): void {
    if (at > this.#end || this.#wakes.has(at)) return;
    this.#wakes.add(at);
    this.#schedule(at, 'wake');
  }

  /** There is something to tell it at `now`: one call for all of it. */
  addNews(now: Time): void {
    if (this.#news === now) return;
    this.#news = now;
    this.#schedule(now, 'operation');
  }

  /** It is being asked. */
  called(now: Time, because: Because): void {
    if (because === 'operation') this.#news = Infinity;
    if (because === 'wake') this.#wakes.delete(now);
  }

  /** The next moment at which it is asked; the end of the run if it is not asked any more. */
  get next(): number {
    let next = Math.min(this.#period, this.#news, this.#end);
    for (const wake of this.#wakes) if (wake < next) next = wake;
    return next;
  }
}
