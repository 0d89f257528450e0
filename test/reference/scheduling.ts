import { type Appointment, ranks } from './clock.ts';
import { appsOf, choose, type Filter } from './placing.ts';
import type { Node, Unit, World } from './world.ts';

interface Waiting {
  readonly unit: Unit;
  /** `ready` since it was there for the `turn`-th time that one became ready. */
  place: 'ready' | 'backing-off' | 'refused';
  turn: number;
  tries: number;
  queued: number;
  backoffEnds: number;
  refusedBy: ReadonlySet<Filter>;
}

/** The scheduler: one list of what waits, gone through whenever something happens; one unit at a time, 1 ÷ rate each. */
export class Scheduling {
  readonly #world: World;
  readonly #bound: (unit: Unit, node: Node) => void;
  #waiting: Waiting[] = [];
  #atWork: Waiting | undefined;
  #busy = false;
  #stalledUntil = 0;
  #turns = 0;
  #look: Appointment | undefined;

  constructor(world: World, bound: (unit: Unit, node: Node) => void) {
    this.#world = world;
    this.#bound = bound;
  }

  add(unit: Unit): void {
    const { now } = this.#world.clock;
    const entry: Waiting = { unit, place: 'ready', turn: this.#turns++, tries: 0, queued: now, backoffEnds: now, refusedBy: new Set() };
    this.#waiting.push(entry);
    this.#goOn();
  }

  /** A pod or slot that is not wanted any more waits no longer; the scheduler still spends its time on the one it is at. */
  withdraw(units: readonly Unit[]): void {
    this.#waiting = this.#waiting.filter(({ unit }) => !units.includes(unit));
    if (this.#atWork && units.includes(this.#atWork.unit)) this.#atWork = undefined;
  }

  /** Something happened that may open these filters. */
  wake(...filters: readonly Filter[]): void {
    for (const entry of this.#waiting)
      if (entry.place === 'refused' && filters.some((filter) => entry.refusedBy.has(filter))) this.#again(entry);
    this.#goOn();
  }

  stall(until: number): void {
    this.#stalledUntil = Math.max(this.#stalledUntil, until);
    this.#goOn();
  }

  /** To be tried again, once its backoff is over. */
  #again(entry: Waiting): void {
    entry.place = 'backing-off';
    if (entry.backoffEnds <= this.#world.clock.now) this.#ready(entry);
  }

  #ready(entry: Waiting): void {
    entry.place = 'ready';
    entry.turn = this.#turns++;
  }

  #goOn(): void {
    const { clock, platform } = this.#world;
    const { rate, flushAfter } = platform.scheduler;
    const priority = ({ unit }: Waiting): number => Math.max(...appsOf(unit).map((app) => app.priority));
    for (const entry of this.#waiting) if (entry.place === 'refused' && entry.queued + flushAfter <= clock.now) this.#again(entry);
    const due = this.#waiting.filter(({ place, backoffEnds }) => place === 'backing-off' && backoffEnds <= clock.now);
    for (const entry of due.sort((a, b) => a.backoffEnds - b.backoffEnds)) this.#ready(entry);

    const ready = this.#waiting.filter(({ place }) => place === 'ready');
    const [next] = ready.sort((a, b) => priority(b) - priority(a) || a.queued - b.queued || a.turn - b.turn);
    if (next && !this.#busy && this.#stalledUntil <= clock.now) {
      this.#busy = true;
      this.#atWork = next;
      this.#waiting = this.#waiting.filter((entry) => entry !== next);
      clock.at(clock.now + Math.round(1e6 / rate), ranks.step, () => this.#finish());
    }
    const moments = this.#waiting.map(({ place, backoffEnds, queued }) =>
      place === 'backing-off' ? backoffEnds : place === 'refused' ? queued + flushAfter : Infinity,
    );
    const soonest = Math.min(...moments, this.#stalledUntil > clock.now ? this.#stalledUntil : Infinity);
    if (soonest === this.#look?.at) return;
    clock.callOff(this.#look);
    this.#look = soonest === Infinity ? undefined : clock.at(soonest, ranks.step, () => this.#goOn());
  }

  #finish(): void {
    this.#busy = false;
    const entry = this.#atWork;
    this.#atWork = undefined;
    const choice = entry && choose(this.#world, entry.unit);
    if (entry && choice instanceof Set) this.#refuse(entry, choice as ReadonlySet<Filter>);
    else if (entry && choice) this.#bound(entry.unit, choice as Node);
    this.#goOn();
  }

  #refuse(entry: Waiting, refusedBy: ReadonlySet<Filter>): void {
    const { clock, platform } = this.#world;
    const { initial, max } = platform.scheduler.backoff;
    const pauses = Array.from({ length: ++entry.tries }).reduce<number>((pause) => Math.min(2 * pause, max), initial / 2);
    this.#waiting.push(Object.assign(entry, { place: 'refused', queued: clock.now, backoffEnds: clock.now + pauses, refusedBy }));
  }
}
