import { after, type Duration, duration, type Time } from '../base/units.ts';
import { FutureEventList } from '../engine/future-event-list.ts';
import type { Filter, Request } from './unit.ts';

/** Upstream's podInitialBackoffSeconds, podMaxBackoffSeconds and the longest stay among the unschedulable (backend/queue/scheduling_queue.go). */
export interface QueueOptions {
  readonly initialBackoff: Duration;
  readonly maxBackoff: Duration;
  readonly flushAfter: Duration;
}

/**
 * Filters that may open when something is deleted or given back. Units of one kind are equal, so that one of them can be bound only where another that waits would
 * have been: a binding opens nothing that a deletion has not opened before.
 */
export const openedByDeletion = ['NodeResourcesFit', 'PodTopologySpread'] as const satisfies readonly Filter[];

/** A node that is there again may open any filter. */
export const openedByNode = [
  'NodeResourcesFit',
  'TaintToleration',
  'NodeAffinity',
  'PodTopologySpread',
] as const satisfies readonly Filter[];

export interface Waiting {
  readonly request: Request;
  place: 'active' | 'backoff' | 'unschedulable' | 'gone';
  /** Tries that found no node. */
  attempts: number;
  /** When it was last put into a queue: the order among equal priorities. */
  queued: Time;
  backoffEnds: Time;
  refusedBy: ReadonlySet<Filter>;
}

/**
 * The scheduler's three queues, as upstream: *active*, by priority and then by the time of queueing; *backoff*, units that may be tried again when their backoff is over;
 * *unschedulable*, units that fit nowhere until something happens that may help, or until they have been there for long enough. The backoff runs from the failed try
 * and doubles with every further one. Unlike upstream, which looks once a second (backoff) and twice a minute (flush), units move at the very moment; and unlike upstream since 1.33, an idle
 * scheduler does not take units out of their backoff early.
 */
export class SchedulingQueue {
  readonly #options: QueueOptions;
  readonly #active = new Map<number, FutureEventList<Waiting>>();
  readonly #backoff = new FutureEventList<Waiting>();
  readonly #unschedulable = new Set<Waiting>();
  readonly #all = new Set<Waiting>();
  #activeCount = 0;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  /** Units that wait to be bound. */
  get waiting(): number {
    return this.#all.size;
  }
  /** Whether a unit is ready to be tried. */
  get active(): boolean {
    return this.#activeCount > 0;
  }

  /** Filters that refused the last try of a unit that waits, by name. */
  get refusing(): readonly Filter[] {
    return [...new Set([...this.#all].flatMap(({ refusedBy }) => [...refusedBy]))].sort();
  }

  add(request: Request, now: Time): void {
    const entry: Waiting = { request, place: 'gone', attempts: 0, queued: now, backoffEnds: now, refusedBy: new Set() };
    this.#all.add(entry);
    this.#activate(entry);
  }

  /** Takes out the next unit to be tried: the highest priority, then the one that was queued first. */
  next(): Waiting | undefined {
    for (const priority of [...this.#active.keys()].sort((a, b) => b - a)) {
      const list = this.#active.get(priority);
      for (let entry = list?.pop(); entry; entry = list?.pop()) {
        if (entry.place !== 'active') continue;
        this.#leave(entry);
        return entry;
      }
      this.#active.delete(priority);
    }
    return undefined;
  }

  /** A unit that was taken out found no node. */
  refused(entry: Waiting, refusedBy: ReadonlySet<Filter>, now: Time): void {
    entry.attempts++;
    entry.queued = now;
    entry.backoffEnds = after(now, this.#backoffOf(entry.attempts));
    entry.refusedBy = refusedBy;
    entry.place = 'unschedulable';
    this.#all.add(entry);
    this.#unschedulable.add(entry);
  }

  /** Something has happened that may open `filters`: what they refused is tried again, when its backoff is over. */
  wake(filters: readonly Filter[], now: Time): void {
    for (const entry of this.#unschedulable) if (filters.some((filter) => entry.refusedBy.has(filter))) this.#again(entry, now);
  }

  /** Moves what is due at `now`: backoffs that are over, and units that have been unschedulable for long enough. */
  advance(now: Time): void {
    for (const entry of this.#unschedulable) {
      if (after(entry.queued, this.#options.flushAfter) > now) break; // they stand in the order of their last try
      this.#again(entry, now);
    }
    while (this.#backoff.nextTime <= now) {
      const entry = this.#backoff.pop();
      if (entry?.place === 'backoff') this.#activate(entry);
    }
  }

  /** When {@link advance} may have something to do next (the backoff of a unit that was withdrawn counts); Infinity: never, as things stand. */
  get nextDue(): number {
    const [oldest] = this.#unschedulable;
    return Math.min(this.#backoff.nextTime, oldest === undefined ? Infinity : oldest.queued + this.#options.flushAfter);
  }

  /** Takes out the requests that match: their pods are not wanted any more. */
  withdraw(match: (request: Request) => boolean): void {
    for (const entry of this.#all) if (match(entry.request)) this.#leave(entry);
  }

  #again(entry: Waiting, now: Time): void {
    this.#unschedulable.delete(entry);
    if (entry.backoffEnds <= now) this.#activate(entry);
    else {
      entry.place = 'backoff';
      this.#backoff.push(entry.backoffEnds, 0, entry);
    }
  }

  #activate(entry: Waiting): void {
    entry.place = 'active';
    this.#activeCount++;
    const { priority } = entry.request;
    let list = this.#active.get(priority);
    if (!list) this.#active.set(priority, (list = new FutureEventList()));
    list.push(entry.queued, 0, entry);
  }

  #leave(entry: Waiting): void {
    if (entry.place === 'active') this.#activeCount--;
    entry.place = 'gone';
    this.#unschedulable.delete(entry);
    this.#all.delete(entry);
  }

  #backoffOf(attempts: number): Duration {
    let backoff: number = this.#options.initialBackoff;
    for (let i = 1; i < attempts && backoff < this.#options.maxBackoff; i++) backoff *= 2;
    return duration(Math.min(backoff, this.#options.maxBackoff));
  }
}
