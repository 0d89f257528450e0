import { draw } from '../../src/random/duration-law.ts';
import type { Step } from '../../src/operations/world.ts';
import { type Appointment, ranks } from './clock.ts';
import type { Platform } from './platform.ts';
import { type App, type Node, type Operation, type Pod, push, setState, type Slot, tenantOf } from './world.ts';

/** What a walk waits for: a moment, or (without one) its swap device. An order that has not gone out may be held up; an agent may come back earlier. */
interface Wait {
  readonly until?: number;
  readonly goesOut?: number;
  readonly forAgent?: boolean;
}

/** A walk goes on because what it waited for has happened, or is told by how much its order is held up, or that the agent is back. */
type Answer = undefined | number | 'agent back';
type Course<T> = Generator<Wait, T, Answer>;

/** The way of one slot through the steps of a switch, told as a course of waits. */
export class Walk {
  readonly slot: Slot;
  readonly giver: App;
  readonly taker: App;
  readonly #platform: Platform;
  readonly #operation: Operation;
  readonly #batch: number;
  readonly #ended: (walk: Walk) => void;
  #course: Course<void> | undefined;
  #wait: Wait | undefined;
  #appointment: Appointment | undefined;
  #step: Step = 'traffic-down';
  #started = 0;
  #tries = 0;
  #bytes = 0;
  healthy = true;
  /** Why it is stuck. */
  trouble = '';

  constructor(
    platform: Platform,
    operation: Operation,
    slot: Slot,
    roles: { readonly giver: App; readonly taker: App },
    ended: (walk: Walk) => void,
  ) {
    this.slot = slot;
    this.giver = roles.giver;
    this.taker = roles.taker;
    this.#platform = platform;
    this.#operation = operation;
    this.#batch = operation.batches;
    this.#ended = ended;
  }

  /** Begins a step; it is over at once where everything is as it should be. */
  begin(step: Step): void {
    this.#step = step;
    this.#started = this.#now;
    this.#bytes = 0;
    this.#course = this.#take();
    this.goOn();
  }

  goOn(answer?: Answer): void {
    this.#platform.world.clock.callOff(this.#appointment);
    this.#appointment = this.#wait = undefined;
    const next = this.#course?.next(answer);
    if (next === undefined || next.done === true) return;
    this.#wait = next.value;
    const { until } = next.value;
    if (until !== undefined) this.#appointment = this.#platform.world.clock.at(until, ranks.step, () => this.goOn());
  }

  /** The node is lost: what was waited for will never come. */
  lose(isAtStep: boolean): void {
    this.healthy = false;
    this.#platform.world.clock.callOff(this.#appointment);
    this.#course = undefined;
    if (isAtStep) this.#write('lost');
  }

  /** Orders that have not gone out go out later. */
  holdUp(later: number): void {
    if ((this.#wait?.goesOut ?? -1) > this.#now) this.goOn(later);
  }

  agentBack(): void {
    if (this.#wait?.forAgent === true) this.goOn('agent back');
  }

  get #now(): number {
    return this.#platform.world.clock.now;
  }

  /** The pod that the step is about. */
  get #pod(): Pod {
    return tenantOf(this.slot, this.#step === 'traffic-down' || this.#step === 'resources-down' ? this.giver : this.taker);
  }

  get #isNeeded(): boolean {
    const { state } = this.#pod;
    switch (this.#step) {
      case 'traffic-down':
        return state === 'running';
      case 'resources-down':
        return state !== 'keep-alive';
      case 'resources-up':
        return state === 'keep-alive';
      case 'traffic-up':
        return state !== 'running';
      default:
        return true;
    }
  }

  *#take(): Course<void> {
    const { steps } = this.#platform.world.platform;
    let pause: number = steps.backoff;
    if (!this.#isNeeded) {
      this.#ended(this);
      return;
    }
    for (this.#tries = 1; ; this.#tries++) {
      const trouble = yield* this.#try();
      if (trouble === undefined) break;
      if (this.#tries >= steps.tries) {
        this.healthy = false;
        this.trouble = `stuck in ${this.#step}: ${trouble}`;
        this.#write('stuck');
        this.#ended(this);
        return;
      }
      yield { until: this.#now + pause };
      pause *= 2;
    }
    yield* this.#carryOut();
    this.#write('done');
    this.#ended(this);
  }

  /** One try, from its beginning until it has reached the pod, or has failed: then it tells why. */
  *#try(): Course<string | undefined> {
    const { world, writes } = this.#platform;
    const { platform, streams } = world;
    const { slot } = this;
    const pod = this.#pod;
    const role = pod.incarnation === 0 ? String(slot.index) : `${String(slot.index)}~${String(pod.incarnation)}`;
    const uniform = streams.stream(`switch/${slot.group.name}/${role}/${String(slot.walks)}/${this.#step}/${String(this.#tries)}`);
    const fails = uniform() < platform.steps.failure;
    const stall = uniform() < platform.steps.stall ? platform.steps.stallFor : 0;
    const deadline = this.#now + platform.steps.timeout;
    let takes: number;
    const number = pod.pushes;
    const isPush = this.#step === 'traffic-down' || this.#step === 'traffic-up';
    if (isPush) takes = push(world, pod) + stall;
    else {
      const isStatus = this.#step === 'status';
      takes = draw(isStatus ? platform.status : platform.limitWrite, uniform()) + stall;
      let goesOut = isStatus ? this.#now : writes.out(this.#now);
      let arrives = isStatus ? this.#now : goesOut + draw(platform.api.watch, uniform());
      while (arrives !== this.#now) {
        if (arrives > deadline) {
          yield { until: deadline };
          return 'no answer in time';
        }
        const heldUp = yield { until: arrives, goesOut };
        if (typeof heldUp !== 'number') break;
        goesOut += heldUp;
        arrives += heldUp;
      }
      if ((slot.node as Node).agentsDown > 0) {
        const back = yield { until: deadline, forAgent: true };
        if (back === undefined) return 'agent down';
      }
    }
    const answers = this.#now + takes;
    yield { until: Math.min(answers, deadline) };
    if (answers > deadline) return 'no answer in time';
    if (fails) return 'failed';
    if (isPush) this.#platform.pushed(pod, number);
    return undefined;
  }

  /** What a successful try does to the pod. */
  *#carryOut(): Course<void> {
    const { world } = this.#platform;
    const pod = this.#pod;
    const { slot } = this;
    switch (this.#step) {
      case 'traffic-down':
        setState(world, pod, 'draining-to-standby', 'switch');
        yield* this.#ramp();
        yield { until: this.#now + pod.app.drain };
        setState(world, pod, 'cutoff', 'drained');
        return;
      case 'resources-down':
        setState(world, pod, 'swapping-out', 'switch');
        yield* this.#swap(pod, 'out');
        setState(world, pod, 'keep-alive', 'swapped out');
        if (!slot.extraFor) return;
        slot.holder = this.taker;
        this.#platform.roomBack(slot);
        return;
      case 'resources-up':
        if (!slot.extraFor) slot.holder = this.taker;
        setState(world, pod, 'swapping-in', 'switch');
        yield* this.#swap(pod, 'in');
        return;
      case 'traffic-up':
        yield* this.#ramp();
        setState(world, pod, 'running', 'switch');
        return;
      default:
    }
  }

  /** A ratio that ramps takes ten steps, the first of them at once. */
  *#ramp(): Course<void> {
    const { ratioRamp } = this.#platform.world.platform;
    for (let step = 1; step < 10 && ratioRamp > 0; step++) yield { until: this.#now + Math.round(ratioRamp / 10) };
  }

  *#swap(pod: Pod, direction: 'out' | 'in'): Course<void> {
    this.#bytes = pod.app.keepAlive.swap;
    this.#platform.device(pod.node as Node, direction).begin(this, this.#bytes);
    yield {};
  }

  #write(outcome: 'done' | 'stuck' | 'lost'): void {
    writeStep(this.#platform, this.#operation, this.slot, this.#step, {
      ...{
        batch: this.#batch,
        from: this.giver,
        to: this.taker,
        started: this.#started,
        attempts: this.#tries,
        outcome,
        bytes: this.#bytes,
      },
    });
  }
}

export function writeStep(
  { world }: Platform,
  operation: Operation,
  slot: Slot,
  step: Step | 'pre-check',
  of: {
    readonly batch: number;
    readonly from: App;
    readonly to: App;
    readonly started: number;
    readonly attempts: number;
    readonly outcome: string;
    readonly bytes: number;
  },
): void {
  world.rows.switches.push({
    operation: operation.id,
    batch: of.batch,
    slot: slot.id,
    node: slot.node?.name,
    step,
    from_app: of.from.name,
    to_app: of.to.name,
    started_s: of.started / 1e6,
    ended_s: world.clock.now / 1e6,
    attempts: of.attempts,
    outcome: of.outcome,
    bytes: of.bytes,
  });
}
