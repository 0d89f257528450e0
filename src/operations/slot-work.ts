import { InvariantError } from '../base/assert.ts';
import { after, type Duration, duration, type Time } from '../base/units.ts';
import type { Pod } from '../cluster/pod.ts';
import type { Slot } from '../cluster/slot.ts';
import { draw } from '../random/duration-law.ts';
import { again, pushDelay, setMissed, setMode, setState } from './changes.ts';
import type { Operation } from './operation.ts';
import type { SlotPorts } from './switch-ports.ts';
import { announce } from './swap-devices.ts';
import { coldPages, keptAlive, running, switching } from './traffic-modes.ts';
import type { Step, World } from './world.ts';

/** A traffic ratio that ramps moves in this many steps. */
const ratioSteps = 10;

/**
 * Where a try stands: its order is on the way to the node's agent, the agent is down, the push or the agent's work takes its time, backing off after a failure, moving a ratio, draining,
 * or swapping.
 */
type Stage = 'order' | 'agent' | 'delay' | 'backoff' | 'ratio' | 'drain' | 'swap';

/**
 * One slot's way through the steps of a switch, one step at a time: tries, retries with backoff, and the effects on giver and taker.
 * A step that is already as it should be takes no time: so a roll-back is the same walk with the roles exchanged, from wherever the slot stands.
 */
export class SlotWork {
  readonly slot: Slot;
  readonly #world: World;
  readonly #operation: Operation;
  readonly #batch: number;
  readonly giver: number;
  readonly #taker: number;
  readonly #ports: SlotPorts;
  readonly #ended: (work: SlotWork) => void;
  #step: Step = 'traffic-down';
  #stage: Stage = 'delay';
  #attempt = 1;
  #ratioStep = 0;
  #stepStarted: Time;
  /** The present try: when it began, how long its agent or push takes, and why it is going to fail, if it is. */
  #tryStarted: Time;
  #takes = duration(0);
  #fails: string | undefined;
  /** Of an order under way: when it goes out, and when it is there. Of a push: its number. */
  #sent = 0;
  #arrives = 0;
  #pushed = 0;
  #token = 0;
  #bytes = 0;
  /** Whether every step so far has ended well. */
  healthy = true;
  /** Where it got stuck, and what was wrong with its last try. */
  trouble = '';

  constructor(
    world: World,
    operation: Operation,
    batch: number,
    slot: Slot,
    roles: { readonly giver: number; readonly taker: number },
    ports: SlotPorts,
    ended: (work: SlotWork) => void,
  ) {
    this.#world = world;
    this.#operation = operation;
    this.#batch = batch;
    this.slot = slot;
    this.giver = roles.giver;
    this.#taker = roles.taker;
    this.#ports = ports;
    this.#ended = ended;
    this.#stepStarted = this.#tryStarted = world.now();
  }

  /** Begins `step`; `ended` is called when it is over, at once if there is nothing to do. */
  begin(step: Step): void {
    this.#step = step;
    this.#attempt = 1;
    this.#bytes = 0;
    this.#stepStarted = this.#world.now();
    if (this.#isDone()) this.#ended(this);
    else this.#try();
  }

  /** What the step waited for has happened; void if `token` is not the last one given out. */
  due(token: number): void {
    if (token !== this.#token) return;
    switch (this.#stage) {
      case 'order':
        this.#atAgent();
        return;
      case 'agent': // it did not come back in time
        this.#retry('agent down');
        return;
      case 'backoff':
        this.#attempt++;
        this.#try();
        return;
      case 'delay':
        if (this.#fails !== undefined) this.#retry(this.#fails);
        else this.#effect();
        return;
      case 'ratio':
        this.#moveRatio();
        return;
      case 'drain':
        setState(this.#world, this.#pod(), 'cutoff', 'drained');
        this.#finish('done');
        return;
      case 'swap':
        throw new InvariantError('a swap ends by its device');
    }
  }

  /** Its transfer is over. */
  swapped(): void {
    const { cluster } = this.#world;
    const pod = this.#pod();
    if (this.#step === 'resources-down') {
      setState(this.#world, pod, 'keep-alive', 'swapped out');
      setMode(this.#world, pod, keptAlive(cluster.app(pod.app)));
      if (this.slot.extra) {
        cluster.setHolder(this.#world.now(), this.slot, this.#taker);
        cluster.releaseExtra(this.#world.now(), this.slot);
        this.#ports.freed();
      }
    }
    this.#finish('done');
  }

  /** The node's agent is up again. */
  agentBack(): void {
    if (this.#stage === 'agent') this.#atAgent();
  }

  /** The slot's node is lost, and the slot with it: whatever was waited for is void. Tells so if `open`: if it was at a step. */
  abandon(open: boolean): void {
    this.healthy = false;
    this.#token++;
    if (open) this.#tell('lost');
  }

  /** Whether the app's tenant is in state running. */
  isRunning(app: number): boolean {
    return this.#world.cluster.tenant(this.slot, app).state === 'running';
  }

  /** The pod that the step works on. */
  #pod(): Pod {
    const down = this.#step === 'traffic-down' || this.#step === 'resources-down';
    return this.#world.cluster.tenant(this.slot, down ? this.giver : this.#taker);
  }

  /** Whether the pod already is as the step would make it. */
  #isDone(): boolean {
    const { state } = this.#pod();
    switch (this.#step) {
      case 'traffic-down':
        return state !== 'running';
      case 'resources-down':
        return state === 'keep-alive';
      case 'resources-up':
        return state !== 'keep-alive';
      case 'traffic-up':
        return state === 'running';
      case 'status':
        return false;
    }
  }

  #try(): void {
    const { platform, streams, cluster } = this.#world;
    const { slot } = this;
    const group = cluster.group(slot.group).spec.name;
    const role = `${String(slot.index)}${again(this.#pod())}`;
    const uniform = streams.stream(`switch/${group}/${role}/${String(slot.switches)}/${this.#step}/${String(this.#attempt)}`);
    this.#tryStarted = this.#world.now();
    this.#fails = uniform() < platform.steps.failure ? 'failed' : undefined;
    const stall = uniform() < platform.steps.stall ? platform.steps.stallFor : 0;
    if (this.#isTraffic) {
      this.#pushed = this.#pod().pushes;
      this.#answerAfter(duration(pushDelay(this.#world, this.#pod()) + stall));
      return;
    }
    this.#takes = duration(draw(this.#step === 'status' ? platform.status : platform.limitWrite, uniform()) + stall);
    // An order to the agent is an object that the controller writes and the agent watches; the status is the agent's own.
    const turn = this.#step === 'status' ? 0 : this.#ports.writeWait();
    this.#sent = this.#tryStarted + turn;
    this.#orderAt(this.#sent + (this.#step === 'status' ? 0 : draw(platform.api.watch, uniform())));
  }

  /** The order is there at `arrives`, or not in time. */
  #orderAt(arrives: number): void {
    const now = this.#world.now();
    this.#arrives = arrives;
    if (arrives === now) this.#atAgent();
    else if (arrives - now > this.#timeLeft) this.#answerAfter(duration(arrives - now));
    else this.#wait('order', duration(arrives - now));
  }

  /** Writes that have not gone out yet go out later by `delay`. */
  holdUp(delay: Duration): void {
    if (this.#stage === 'order' && this.#sent > this.#world.now()) {
      this.#sent += delay;
      this.#orderAt(this.#arrives + delay);
    }
  }

  get #isTraffic(): boolean {
    return this.#step === 'traffic-down' || this.#step === 'traffic-up';
  }

  /** The order is there; an agent that is down is waited for until the try's time is over. */
  #atAgent(): void {
    if (this.#world.cluster.node(this.slot.node).agentUp) this.#answerAfter(this.#takes);
    else this.#wait('agent', this.#timeLeft);
  }

  /** The answer comes after `delay`, or not in time. */
  #answerAfter(delay: Duration): void {
    const left = this.#timeLeft;
    if (delay > left) this.#fails = 'no answer in time';
    this.#wait('delay', duration(Math.min(delay, left)));
  }

  get #timeLeft(): Duration {
    return duration(Math.max(0, this.#tryStarted + this.#world.platform.steps.timeout - this.#world.now()));
  }

  #retry(why: string): void {
    const { tries, backoff } = this.#world.platform.steps;
    if (this.#attempt >= tries) {
      this.healthy = false;
      this.trouble = `stuck in ${this.#step}: ${why}`;
      this.#finish('stuck');
      return;
    }
    let wait: number = backoff;
    for (let i = 1; i < this.#attempt; i++) wait *= 2;
    this.#wait('backoff', duration(wait));
  }

  /** The try has reached the pod. */
  #effect(): void {
    const pod = this.#pod();
    const app = this.#world.cluster.app(pod.app);
    if (this.#isTraffic) this.#push(pod);
    switch (this.#step) {
      case 'traffic-down':
        setState(this.#world, pod, 'draining-to-standby', 'switch');
        this.#startRatio();
        return;
      case 'resources-down':
        setState(this.#world, pod, 'swapping-out', 'switch');
        setMode(this.#world, pod, keptAlive(app, 'switch'));
        this.#transfer(pod, 'out', app.keepAlive.swap);
        return;
      case 'resources-up':
        if (!this.slot.extra) this.#world.cluster.setHolder(this.#world.now(), this.slot, this.#taker);
        setState(this.#world, pod, 'swapping-in', 'switch');
        setMode(this.#world, pod, switching(app.keepAlive.traffic));
        this.#transfer(pod, 'in', app.keepAlive.swap);
        return;
      case 'traffic-up':
        this.#startRatio();
        return;
      case 'status':
        this.#finish('done');
        return;
    }
  }

  /** The push reaches the sidecar, or is lost: then it keeps the ratio that it had. */
  #push(pod: Pod): void {
    if (!this.#ports.losesPush(pod, this.#pushed)) setMissed(this.#world, pod, undefined);
    else if (pod.mode) {
      setMissed(this.#world, pod, pod.mode.local);
      this.#ports.missed(pod);
    }
  }

  #startRatio(): void {
    this.#ratioStep = this.#world.platform.ratioRamp > 0 ? 0 : ratioSteps - 1;
    this.#moveRatio();
  }

  /** The ratio takes its next step; at the end the pod drains, or runs. */
  #moveRatio(): void {
    const pod = this.#pod();
    const app = this.#world.cluster.app(pod.app);
    const part = ++this.#ratioStep / ratioSteps;
    const down = this.#step === 'traffic-down';
    if (this.#ratioStep < ratioSteps) {
      setMode(this.#world, pod, switching(down ? 1 - part : app.keepAlive.traffic + (1 - app.keepAlive.traffic) * part));
      this.#wait('ratio', duration(Math.round(this.#world.platform.ratioRamp / ratioSteps)));
    } else if (down) {
      setMode(this.#world, pod, switching(0));
      this.#wait('drain', app.drain);
    } else {
      const cold = pod.state === 'swapping-in' && app.coldPages.for > 0;
      setState(this.#world, pod, 'running', 'switch');
      setMode(this.#world, pod, cold ? coldPages(app, this.#world.now()) : running);
      if (cold) this.#world.schedule(after(this.#world.now(), app.coldPages.for), { kind: 'pod-due', pod: pod.id, epoch: pod.epoch });
      this.#finish('done');
    }
  }

  #transfer(pod: Pod, direction: 'out' | 'in', bytes: number): void {
    this.#stage = 'swap';
    this.#bytes = bytes;
    const node = pod.node as number;
    const device = this.#ports.swap(node, direction);
    device.start(this.#world.now(), pod.id, bytes);
    announce(this.#world, device, node, direction);
  }

  #wait(stage: Stage, delay: Duration): void {
    this.#stage = stage;
    this.#world.schedule(after(this.#world.now(), delay), {
      kind: 'step-due',
      operation: this.#operation.id,
      slot: this.slot.id,
      token: ++this.#token,
    });
  }

  #finish(outcome: 'done' | 'stuck'): void {
    this.#tell(outcome);
    this.#ended(this);
  }

  #tell(outcome: 'done' | 'stuck' | 'lost'): void {
    this.#world.emit({
      kind: 'step',
      operation: this.#operation,
      batch: this.#batch,
      slot: this.slot.id,
      node: this.slot.node as number,
      step: this.#step,
      from: this.giver,
      to: this.#taker,
      started: this.#stepStarted,
      ended: this.#world.now(),
      attempts: this.#attempt,
      outcome,
      bytes: this.#bytes,
    });
  }
}
