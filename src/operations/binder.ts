import { after, duration, type Time, time } from '../base/units.ts';
import { type Choice, Scheduler } from '../placement/scheduler.ts';
import { openedByDeletion, openedByNode, SchedulingQueue, type Waiting } from '../placement/scheduling-queue.ts';
import type { Request } from '../placement/unit.ts';
import type { World } from './world.ts';

/** The scheduler at work: one unit at a time, taken from the queue when the one before is finished; each takes 1 ÷ rate, whether it finds a node or not. */
export class Binder {
  readonly queue: SchedulingQueue;
  readonly #world: World;
  readonly #scheduler: Scheduler;
  readonly #bound: (request: Request, node: number) => void;
  #busy = false;
  /** The unit that it is at; undefined where that was withdrawn. */
  #current: Waiting | undefined;
  /** When the queue is looked at next, and the number of times that was set. */
  #due = Infinity;
  #stalledUntil = 0;
  #token = 0;

  /** `bound` is told of every unit that found its node. */
  constructor(world: World, bound: (request: Request, node: number) => void) {
    this.#world = world;
    this.#bound = bound;
    const { profile, backoff, flushAfter } = world.platform.scheduler;
    this.#scheduler = new Scheduler(world.cluster, profile);
    this.queue = new SchedulingQueue({ initialBackoff: backoff.initial, maxBackoff: backoff.max, flushAfter });
  }

  /** The node of a unit of the opening fleet, at once: in its own zone if there is room, else in any; undefined where there is none. */
  open(request: Request, zone: number): number | undefined {
    for (const where of [zone, undefined]) {
      const choice = this.#choose(request, where);
      if ('node' in choice) return choice.node;
    }
    return undefined;
  }

  /** Units that wait to be bound, the one at work among them. */
  get waiting(): number {
    return this.queue.waiting + (this.#current ? 1 : 0);
  }

  add(request: Request): void {
    this.queue.add(request, this.#world.now());
    this.#schedule();
  }

  /** A unit like `request` does not count for the spread over zones any more. */
  leaves(request: Pick<Request, 'spreadKey' | 'constraints'>, zone: number): void {
    this.#scheduler.count(request, zone, -1);
  }

  /** Something was freed: units that it may help are tried again. */
  freed(): void {
    this.queue.wake(openedByDeletion, this.#world.now());
    this.#schedule();
  }

  /** A node is there again: whatever refused a unit, it is tried again. */
  nodeBack(): void {
    this.queue.wake(openedByNode, this.#world.now());
    this.#schedule();
  }

  /** It begins with no unit before `until`; the one it is at is finished. */
  stall(until: Time): void {
    this.#stalledUntil = Math.max(this.#stalledUntil, until);
    this.#schedule();
  }

  /** Takes out the requests that match: their pods are not wanted any more. The scheduler still spends its time on the one it is at. */
  withdraw(match: (request: Request) => boolean): void {
    this.queue.withdraw(match);
    if (this.#current && match(this.#current.request)) this.#current = undefined;
  }

  /** The scheduler has finished with the unit it was at. */
  bindDue(): void {
    this.#busy = false;
    const entry = this.#current;
    this.#current = undefined;
    const choice = entry && this.#choose(entry.request);
    if (entry && choice && 'node' in choice) this.#bound(entry.request, choice.node);
    else if (entry && choice && 'refusedBy' in choice) this.queue.refused(entry, choice.refusedBy, this.#world.now());
    this.#schedule();
  }

  /** A backoff is over, or a unit has been unschedulable for long enough; void if another time has been set since. */
  queueDue(token: number): void {
    if (token === this.#token) this.#schedule();
  }

  #choose(request: Request, zone?: number): Choice {
    const choice = this.#scheduler.choose(request, zone);
    if ('node' in choice) {
      const { node } = choice;
      this.#world.emit({ kind: 'chosen', unit: request.unit, node, why: () => this.#scheduler.scores(request, node, zone) });
    }
    return choice;
  }

  #schedule(): void {
    const now = this.#world.now();
    this.queue.advance(now);
    const stalled = now < this.#stalledUntil;
    if (this.queue.active && !this.#busy && !stalled) {
      this.#busy = true;
      this.#current = this.queue.next();
      const each = duration(Math.round(1e6 / this.#world.platform.scheduler.rate));
      this.#world.schedule(after(now, each), { kind: 'bind-due' });
    }
    const due = Math.min(this.queue.nextDue, stalled ? this.#stalledUntil : Infinity);
    if (due === this.#due || due === Infinity) return;
    this.#due = due;
    this.#world.schedule(time(due), { kind: 'queue-due', token: ++this.#token });
  }
}
