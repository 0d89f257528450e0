import { defined } from '../base/assert.ts';
import { after, type Duration, type Time, time } from '../base/units.ts';
import type { Slot } from '../cluster/slot.ts';
import { inBatches } from './batches.ts';
import { setMode } from './changes.ts';
import { giveExtraBack, reserveExtra } from './extra-room.ts';
import { objection, seenBy, worst } from './gate.ts';
import { fail, type Operation } from './operation.ts';
import type { Order, Rollout } from './orders.ts';
import { preCheck } from './pre-check.ts';
import { SlotWork } from './slot-work.ts';
import type { SwitchPorts } from './switch-ports.ts';
import { keptAlive } from './traffic-modes.ts';
import { stepsInOrder, type World } from './world.ts';

export type SwitchOrder = Extract<Order, { kind: 'switch' }>;

/** What a switch is doing: looking whether the next batch may begin, walking a batch through the steps, observing it, pausing before the next one, standing still, walking back. */
type Stage = 'pre-check' | 'steps' | 'observe' | 'between' | 'paused' | 'rolling-back' | 'over';

/**
 * One switch: slots go from the giver to the taker in batches. A batch is pre-checked, walks through the steps together (a step ends with its slowest slot),
 * is observed, and judged by the gate: on to the next batch, pause, or roll the batch back. An order to roll back takes back every slot touched, as soon as the batch
 * at work has ended. The slots are the switch's, in state `switching`, from the order until it is over; those of which a step failed for good stay `stuck`. Slots of lost nodes, lost
 * before or meanwhile, count as failed: they start again for the app that is to hold them.
 */
export class Switch {
  readonly operation: Operation;
  readonly #world: World;
  readonly #ports: SwitchPorts;
  readonly #rollout: Rollout;
  readonly #from: number;
  readonly #to: number;
  readonly #slots: readonly Slot[];
  readonly #batches: readonly (readonly Slot[])[];
  /** Slots that have entered the steps, in order; those that the taker holds. */
  readonly #touched: Slot[] = [];
  readonly #handed = new Set<Slot>();
  #stage: Stage = 'pre-check';
  /** What is to be done when the batch at work has ended. */
  #wish: 'pause' | 'roll-back' | undefined;
  /** The slots at work, those of them that are in the present step, and that step. */
  #works = new Map<number, SlotWork>();
  readonly #open = new Set<Slot>();
  #step = 0;
  #token = 0;
  #heldBack = 0;

  constructor(
    world: World,
    operation: Operation,
    order: SwitchOrder,
    roles: { readonly from: number; readonly to: number },
    slots: readonly Slot[],
    ports: SwitchPorts,
  ) {
    this.#world = world;
    this.#ports = ports;
    this.operation = operation;
    this.#rollout = order.rollout;
    this.#from = roles.from;
    this.#to = roles.to;
    this.#slots = slots;
    this.#batches = inBatches(
      slots.filter(({ state }) => state !== 'failed'),
      order.rollout.batches,
    );
    const { window, delay } = world.platform.metrics;
    if (this.#rollout.gate && this.#rollout.observe < window + delay)
      operation.notes.set(
        'observation',
        'its gate judges a time before the batch: `observe` is shorter than metrics.window + metrics.delay',
      );
    for (const slot of slots) {
      slot.wanted = this.#to;
      if (slot.state === 'failed') {
        fail(this.operation, slot, 'node lost');
        continue;
      }
      slot.operation = operation.id;
      world.cluster.setSlotState(world.now(), slot, 'switching');
      const taker = world.cluster.tenant(slot, this.#to);
      // Its missing capacity is the switch's from now on.
      if (taker.state === 'keep-alive') setMode(world, taker, keptAlive(world.cluster.app(this.#to), 'switch'));
    }
    this.#preCheck();
  }

  /** What the switch waited for between batches has happened. */
  batchDue(token: number): void {
    if (token !== this.#token) return;
    if (this.#stage === 'observe') this.#verdict();
    else if (this.#stage === 'pre-check' || this.#stage === 'between') this.#preCheck();
  }

  stepDue(slot: number, token: number): void {
    this.#works.get(slot)?.due(token);
  }

  swapped(slot: number): void {
    defined(this.#works.get(slot), 'slot at work').swapped();
  }

  /** Slots at work that have not failed. */
  get atWork(): readonly SlotWork[] {
    return [...this.#works.values()].filter((work) => work.healthy);
  }

  /** The nodes of slots of the switch are lost: these have failed, and are not the switch's any more. The others go on. */
  lost(slots: readonly Slot[]): void {
    for (const slot of slots) {
      slot.operation = undefined;
      this.#handed.delete(slot);
      fail(this.operation, slot, 'node lost');
      const work = this.#works.get(slot.id);
      if (work?.healthy) work.abandon(this.#open.delete(slot));
    }
    this.operation.done = this.#handed.size;
    if (this.#works.size > 0 && this.#open.size === 0) this.#nextStep();
  }

  /** Running pods of the app whose traffic goes down with the batch at work. */
  promised(app: number): number {
    if (app !== this.#from && app !== this.#to) return 0;
    return this.atWork.filter((work) => work.giver === app && work.isRunning(app)).length;
  }

  /** Stops before the next batch. */
  pause(): void {
    if (this.#stage === 'steps' || this.#stage === 'observe') this.#wish = 'pause';
    else if (this.#stage !== 'paused') this.#pauseNow('paused by order');
  }

  /** Goes on where it was paused. */
  resume(): void {
    this.#wish = undefined;
    if (this.#stage !== 'paused') return;
    this.operation.state = 'running';
    this.operation.notes.delete('paused');
    if (this.#allBegun) this.#end('done');
    else this.#preCheck();
  }

  /** Takes back every slot touched, once the batch at work has ended. */
  rollBack(): void {
    this.operation.state = 'rolling-back';
    if (this.#stage === 'steps') this.#wish = 'roll-back';
    else this.#startBack(this.#begun, 'rolled back by order');
  }

  /** Slots of the batches that have begun. */
  get #begun(): readonly Slot[] {
    return this.#batches.slice(0, this.operation.batches).flat();
  }

  get #allBegun(): boolean {
    return this.operation.batches === this.#batches.length;
  }

  /** Step 1: a batch that may not begin is held back until a change window opens, or until the next metrics window is seen. */
  #preCheck(): void {
    const batch = defined(this.#batches[this.operation.batches], 'batch').filter((slot) => this.#owns(slot));
    const objection = preCheck(this.#world, this.#from, batch, this.#ports.promised(this.#from));
    if (!objection) {
      this.#startBatch(batch);
      return;
    }
    this.#stage = 'pre-check';
    const { subject, reason, again } = objection;
    if (subject === 'pre-check') this.#heldBack++;
    const times = subject === 'pre-check' ? ` ${String(this.#heldBack)} times` : '';
    this.operation.notes.set(subject, `pre-check held batch ${String(this.operation.batches + 1)} back${times}: ${reason}`);
    if (again < Infinity) this.#waitUntil(time(again));
  }

  #startBatch(batch: readonly Slot[]): void {
    this.operation.batches++;
    this.#heldBack = 0;
    const admitted = this.#rollout.order === 'break-before-make' ? batch : batch.filter((slot) => this.#admit(slot));
    this.#touched.push(...admitted);
    this.#stage = 'steps';
    this.#walk(admitted, { giver: this.#from, taker: this.#to });
  }

  /** With make-before-break a slot is refused unless its node can hold both at once. */
  #admit(slot: Slot): boolean {
    if (reserveExtra(this.#world, this.operation, slot, { from: this.#from, to: this.#to })) return true;
    fail(this.operation, slot, 'no room to make before break');
    return false;
  }

  #walk(slots: readonly Slot[], roles: { readonly giver: number; readonly taker: number }): void {
    if (slots.length > 0) this.operation.started ??= this.#world.now();
    this.#works = new Map(
      slots.map((slot) => {
        slot.switches++;
        const ended = (work: SlotWork): void => {
          this.#slotEnded(work);
        };
        return [slot.id, new SlotWork(this.#world, this.operation, this.operation.batches - 1, slot, roles, this.#ports, ended)];
      }),
    );
    this.#step = -1;
    this.#nextStep();
  }

  #nextStep(): void {
    const sequence = stepsInOrder[this.#stage === 'rolling-back' ? 'break-before-make' : this.#rollout.order];
    const healthy = this.atWork;
    const step = sequence[++this.#step];
    if (step === undefined || healthy.length === 0) {
      this.#batchEnded(healthy);
      return;
    }
    for (const { slot } of healthy) this.#open.add(slot);
    for (const work of healthy) work.begin(step);
  }

  #slotEnded(work: SlotWork): void {
    if (!work.healthy) {
      this.#world.cluster.setSlotState(this.#world.now(), work.slot, 'stuck');
      fail(this.operation, work.slot, work.trouble);
      this.#giveExtraBack(work.slot);
      if (!work.isRunning(this.#to)) this.#handed.delete(work.slot); // on its way back
    }
    this.#open.delete(work.slot);
    if (this.#open.size === 0) this.#nextStep();
  }

  #giveExtraBack(slot: Slot): void {
    if (giveExtraBack(this.#world, slot, this.#to)) this.#ports.freed();
  }

  /** The slot is the giver's after all; so is one that was lost, unless it has started again for the taker: then it is false. */
  #stays(slot: Slot): boolean {
    if (this.#owns(slot) || slot.state === 'failed') slot.wanted = this.#from;
    return slot.wanted === this.#from;
  }

  #owns(slot: Slot): boolean {
    return slot.operation === this.operation.id;
  }

  /** The last slot's status is here. */
  #batchEnded(healthy: readonly SlotWork[]): void {
    const back = this.#stage === 'rolling-back';
    if (this.#works.size > 0) this.operation.ended = this.#world.now();
    this.#works = new Map();
    for (const { slot } of healthy) {
      if (back) {
        if (this.#handed.delete(slot)) this.operation.handedBack++;
      } else if (!this.#handed.has(slot)) {
        this.#handed.add(slot);
        this.operation.handedOver++;
      }
    }
    this.operation.done = this.#handed.size;
    if (back) this.#end('rolled-back');
    else if (this.#wish === 'roll-back') this.#startBack(this.#begun, 'rolled back by order');
    else {
      this.#stage = 'observe';
      this.#wait(this.#rollout.observe);
    }
  }

  /** After the observation: the gate first, then an order to pause. */
  #verdict(): void {
    const { batches } = this.operation;
    const batch = this.#batches[batches - 1] ?? [];
    const complaint = this.#gate(batch);
    const reason = `gate after batch ${String(batches)}: ${complaint ?? ''}`;
    if (complaint !== undefined && this.#rollout.gate?.otherwise === 'roll-back') this.#startBack(batch, reason);
    else if (complaint !== undefined) this.#pauseNow(reason);
    else if (this.#allBegun) this.#end('done');
    else if (this.#wish === 'pause') this.#pauseNow('paused by order');
    else {
      this.#stage = 'between';
      this.#wait(this.#rollout.pause);
    }
  }

  /** What the gate objects to; undefined when it is content. */
  #gate(batch: readonly Slot[]): string | undefined {
    const gate = this.#rollout.gate;
    if (!gate) return undefined;
    const seen = seenBy(gate, this.#world.reading(this.#from), this.#world.reading(this.#to));
    this.operation.gate = worst([seen, this.operation.gate]);
    const failedSlots = batch.filter((slot) => this.operation.failures.has(slot)).length / Math.max(1, batch.length);
    return objection(gate, seen, failedSlots);
  }

  /** The same walk with the roles exchanged, from wherever each slot stands, the last first. Slots that were lost or refused before they entered the steps are the giver's after all, too. */
  #startBack(slots: readonly Slot[], reason: string): void {
    this.#token++; // what it waited for is void
    this.#stage = 'rolling-back';
    this.operation.state = 'rolling-back';
    this.operation.notes.delete('paused');
    this.operation.notes.set('rolled-back', reason);
    const { cluster } = this.#world;
    const kept = slots.filter((slot) => !this.#stays(slot)).length;
    if (kept > 0) this.operation.notes.set('away', `${String(kept)} slots of lost nodes have started again for the taker and stay with it`);
    const back = new Set(slots);
    const owned = this.#touched.filter((slot) => back.has(slot) && this.#owns(slot)).reverse();
    for (const slot of owned) {
      cluster.setSlotState(this.#world.now(), slot, 'switching');
      const giver = cluster.tenant(slot, this.#from);
      if (giver.state === 'keep-alive') setMode(this.#world, giver, keptAlive(cluster.app(this.#from), 'switch'));
    }
    this.#walk(owned, { giver: this.#to, taker: this.#from });
  }

  #pauseNow(reason: string): void {
    this.#token++;
    this.#wish = undefined;
    this.#stage = 'paused';
    this.operation.state = 'paused';
    this.operation.notes.set('paused', reason);
    this.#world.emit({ kind: 'operation', operation: this.operation });
  }

  /** Every slot that is not stuck is free again, and what its kept-alive tenants lack is nobody's fault any more. */
  #end(state: 'done' | 'rolled-back'): void {
    const { cluster } = this.#world;
    this.#token++;
    this.#stage = 'over';
    const begun = new Set(this.#begun);
    if (state === 'rolled-back') this.#slots.filter((slot) => !begun.has(slot)).forEach((slot) => this.#stays(slot));
    for (const slot of this.#slots.filter((each) => this.#owns(each))) {
      slot.operation = undefined;
      if (slot.state === 'stuck') this.#ports.stuck();
      if (slot.state !== 'switching') continue;
      cluster.setSlotState(this.#world.now(), slot, 'steady');
      for (const pod of slot.tenants)
        if (pod.state === 'keep-alive' && pod.intended?.cause) setMode(this.#world, pod, keptAlive(cluster.app(pod.app)));
    }
    this.operation.state = state;
    this.operation.ended ??= this.#world.now();
    this.#world.emit({ kind: 'operation', operation: this.operation });
  }

  #wait(delay: Duration): void {
    this.#waitUntil(after(this.#world.now(), delay));
  }

  #waitUntil(at: Time): void {
    this.#world.schedule(at, { kind: 'batch-due', operation: this.operation.id, token: ++this.#token });
  }
}
