import { InvariantError, assert } from '../base/assert.ts';
import { inSeconds, type Time, time } from '../base/units.ts';
import { Fingerprint } from '../base/fingerprint.ts';
import { FutureEventList } from './future-event-list.ts';

/** What the engine must know of an event. */
export interface EngineEvent {
  readonly kind: string;
}

export interface EngineOptions<E extends EngineEvent> {
  /** Order of kinds at one instant, lower first; 0 to 15. */
  readonly rank: Readonly<Record<E['kind'], number>>;
  /** Integer that tells the event's subject apart in the fingerprint; undefined for events that only observe: they are neither counted nor part of it. */
  readonly subject: (event: E) => number | undefined;
  /** Most events at one instant before the run is stopped as an event storm. */
  readonly eventsAtOnceMax: number;
  /** Asked every 4,096 events with the clock; true stops the run. */
  readonly interrupted?: ((now: Time) => boolean) | undefined;
}

/** Clock, future event list and run loop. Knows no pods: an event is plain data that a handler executes. */
export class Engine<E extends EngineEvent> {
  readonly #list = new FutureEventList<E>();
  readonly #options: EngineOptions<E>;
  readonly #kinds = new Map<string, number>();
  readonly fingerprint = new Fingerprint();
  #now = time(0);
  #executed = 0;
  /** Events taken from the list, observers too. */
  #taken = 0;

  constructor(options: EngineOptions<E>) {
    this.#options = options;
  }

  get now(): Time {
    return this.#now;
  }
  /** Events executed so far, observers not counted. */
  get executed(): number {
    return this.#executed;
  }
  get pending(): number {
    return this.#list.size;
  }

  /** Schedules `event` at `at`, an integer not before the clock. */
  schedule(at: Time, event: E): void {
    if (!(at >= this.#now) || !Number.isSafeInteger(at))
      throw new InvariantError(`${event.kind} scheduled at ${String(at)} µs, but the clock is at ${String(this.#now)} µs`);
    this.#list.push(at, this.#options.rank[event.kind as E['kind']], event);
  }

  /** Executes every event up to and including `until`, then sets the clock to `until`. Returns false when interrupted. */
  run(until: Time, execute: (event: E) => void): boolean {
    let instant = -1;
    let atOnce = 0;
    let repeating = new Map<string, number>();
    while (this.#list.nextTime <= until) {
      const at = this.#list.nextTime;
      const event = this.#list.pop() as E;
      if (at !== instant) {
        instant = at;
        atOnce = 0;
        if (repeating.size > 0) repeating = new Map();
      }
      if (++atOnce > this.#options.eventsAtOnceMax - stormSample) {
        repeating.set(event.kind, (repeating.get(event.kind) ?? 0) + 1);
        if (atOnce > this.#options.eventsAtOnceMax) throw new InvariantError(this.#storm(at, repeating));
      }
      this.#now = time(at);
      this.#record(event);
      execute(event);
      if ((++this.#taken & 4095) === 0 && this.#options.interrupted?.(this.#now)) return false;
    }
    assert(until >= this.#now, 'time went back');
    this.#now = until;
    return true;
  }

  #record(event: E): void {
    const subject = this.#options.subject(event);
    if (subject === undefined) return;
    this.#executed++;
    let kind = this.#kinds.get(event.kind);
    if (kind === undefined) {
      kind = this.#kinds.size;
      this.#kinds.set(event.kind, kind);
      this.fingerprint.addText(event.kind);
    }
    this.fingerprint.add(this.#now);
    this.fingerprint.add(kind * 4294967296 + subject);
  }

  #storm(at: number, repeating: ReadonlyMap<string, number>): string {
    const kinds = [...repeating].map(([kind, n]) => `${kind} × ${String(n)}`).join(', ');
    return `event storm: more than ${String(this.#options.eventsAtOnceMax)} events at ${String(inSeconds(time(at)))} s; the last of them: ${kinds}`;
  }
}

/** How many of the last events of a storm its message counts by kind. */
const stormSample = 1000;
