import { defined } from '../base/assert.ts';
import { after, type Duration, type Time } from '../base/units.ts';
import type { Slot } from '../cluster/slot.ts';
import { podCapacityPerSecond } from '../cluster/specs.ts';
import type { Operation } from './operation.ts';
import type { Order, Rollout } from './orders.ts';
import { SlotWork } from './slot-work.ts';
import type { SwapDevice } from './swap-device.ts';
import { setMode } from './changes.ts';
import { keptAlive } from './traffic-modes.ts';
import type { Step, World } from './world.ts';

/** Steps in either order; the pre-check (1) goes before them. */
const steps: Readonly<Record<Rollout['order'], readonly Step[]>> = {
  'break-before-make': ['traffic-down', 'resources-down', 'resources-up', 'traffic-up', 'status'],
  'make-before-break': ['resources-up', 'traffic-up', 'traffic-down', 'resources-down', 'status'],
};

type SwitchOrder = Extract<Order, { kind: 'switch' }>;

/**
 * One switch: slots go from the giver to the taker in batches. A batch is pre-checked, walks through the steps together (a step ends with its slowest slot),
 * is observed, and judged by the gate: on to the next batch, pause, or roll the batch back. An order to roll back takes back every batch.
 */
export class Switch {
  readonly operation: Operation;
  readonly #world: World;
  readonly #rollout: Rollout;
  readonly #from: number;
  readonly #to: number;
  readonly #batches: readonly (readonly Slot[])[];
  readonly #swap: (node: number, direction: 'out' | 'in') => SwapDevice;
  /** Slots switched so far, batch by batch. */
  readonly #switched: Slot[] = [];
  #batch = 0;
  #works: SlotWork[] = [];
  #byId = new Map<number, SlotWork>();
  #open = 0;
  #step = 0;
  #token = 0;
  #stage: 'pre-check' | 'steps' | 'observe' | 'pause' | 'over' = 'pre-check';
  #back = false;
  #wish: 'pause' | 'roll-back' | undefined;
  #heldBack = 0;
  #failedInBatch = 0;

  constructor(
    world: World,
    operation: Operation,
    order: SwitchOrder,
    roles: { readonly from: number; readonly to: number },
    slots: readonly Slot[],
    swap: (node: number, direction: 'out' | 'in') => SwapDevice,
  ) {
    this.#world = world;
    this.operation = operation;
    this.#rollout = order.rollout;
    this.#from = roles.from;
    this.#to = roles.to;
    this.#swap = swap;
    this.#batches = inBatches(slots, order.rollout.batches);
    operation.batches = this.#batches.length;
    operation.failed = operation.requested - slots.length;
    for (const slot of slots) {
      slot.operation = operation.id;
      world.cluster.setSlotState(world.now(), slot, 'switching');
      const taker = world.cluster.tenant(slot, this.#to);
      setMode(world, taker, keptAlive(world.cluster.app(this.#to), 'switch')); // its missing capacity is the switch's from now on
    }
    this.#preCheck();
  }

  /** What the switch waited for between batches has happened. */
  batchDue(token: number): void {
    if (token !== this.#token) return;
    if (this.#stage === 'pre-check') this.#preCheck();
    else if (this.#stage === 'observe') this.#verdict();
    else if (this.#stage === 'pause') this.#preCheck();
  }

  stepDue(slot: number, token: number): void {
    this.#byId.get(slot)?.due(token);
  }

  swapped(slot: number): void {
    defined(this.#byId.get(slot), 'slot at work').swapped();
  }

  /** Stops before the next batch. */
  pause(): void {
    this.#wish = 'pause';
    if (this.#stage === 'pre-check' || this.#stage === 'pause') this.#pauseNow('paused by order');
  }

  /** Goes on where it was paused. */
  resume(): void {
    if (this.#wish === 'pause') this.#wish = undefined;
    if (this.operation.state !== 'paused') return;
    this.operation.state = 'running';
    this.operation.reason = undefined;
    this.#preCheck();
  }

  /** Takes back all batches, once the one at work has ended. */
  rollBack(): void {
    this.#wish = 'roll-back';
    if (this.#stage === 'steps') return;
    this.#startBack([...this.#switched].reverse(), 'rolled back by order');
  }

  /** Step 1: what stays with the giver must carry its present load; otherwise the batch is held back until the next window. */
  #preCheck(): void {
    const { cluster } = this.#world;
    const batch = this.#batches[this.#batch];
    if (!batch) {
      this.#end('done');
      return;
    }
    const giver = cluster.app(this.#from);
    const running = cluster.count(this.#from, 'exclusive', 'running') + cluster.count(this.#from, 'slot', 'running');
    const load = this.#world.reading(this.#from)?.offeredPerSecond ?? 0;
    const capacity = (running - batch.length) * podCapacityPerSecond(giver);
    if (capacity < load) {
      this.#heldBack++;
      this.operation.reason = `pre-check held batch ${String(this.#batch + 1)} back ${String(this.#heldBack)} times: ${String(Math.round(capacity))}/s would stay with ${giver.name}, which gets ${String(Math.round(load))}/s`;
      this.#stage = 'pre-check';
      this.#wait(this.#world.platform.metrics.window);
      return;
    }
    this.#failedInBatch = 0;
    this.#startSteps(this.#admit(batch), { giver: this.#from, taker: this.#to });
  }

  /** With make-before-break a slot is refused unless its node can hold both at once. */
  #admit(batch: readonly Slot[]): readonly Slot[] {
    if (this.#rollout.order === 'break-before-make') return batch;
    const now = this.#world.now();
    return batch.filter((slot) => {
      if (this.#world.cluster.reserveExtra(now, slot, this.#to)) return true;
      this.#world.emit({
        kind: 'step',
        operation: this.operation,
        batch: this.#batch,
        slot: slot.id,
        node: slot.node as number,
        step: 'pre-check',
        from: this.#from,
        to: this.#to,
        started: now,
        ended: now,
        attempts: 1,
        outcome: 'refused',
        bytes: 0,
      });
      this.operation.failed++;
      this.#failedInBatch++;
      this.#release(slot);
      return false;
    });
  }

  #startSteps(slots: readonly Slot[], roles: { readonly giver: number; readonly taker: number }): void {
    this.#stage = 'steps';
    this.operation.started ??= this.#world.now();
    this.#works = slots.map((slot) => {
      slot.switches++;
      return new SlotWork(this.#world, this.operation, this.#batch, slot, roles, this.#swap, (work) => {
        this.#slotEnded(work);
      });
    });
    this.#byId = new Map(this.#works.map((work) => [work.slot.id, work]));
    this.#step = -1;
    this.#nextStep();
  }

  #nextStep(): void {
    const sequence = steps[this.#back ? 'break-before-make' : this.#rollout.order];
    const healthy = this.#works.filter((work) => work.healthy);
    const step = sequence[++this.#step];
    if (step === undefined || healthy.length === 0) {
      this.#batchEnded();
      return;
    }
    this.#open = healthy.length;
    for (const work of healthy) work.begin(step);
  }

  #slotEnded(work: SlotWork): void {
    if (!work.healthy) this.#stick(work.slot);
    if (--this.#open === 0) this.#nextStep();
  }

  #stick(slot: Slot): void {
    const { cluster } = this.#world;
    const now = this.#world.now();
    cluster.setSlotState(now, slot, 'stuck');
    this.operation.failed++;
    this.#failedInBatch++;
    if (slot.extra && cluster.tenant(slot, this.#to).state === 'keep-alive') cluster.releaseExtra(now, slot, this.#to);
  }

  /** The last slot's status is here. */
  #batchEnded(): void {
    const now = this.#world.now();
    const good = this.#works.filter((work) => work.healthy).map((work) => work.slot);
    this.operation.ended = now;
    for (const slot of good) this.#world.cluster.setSlotState(now, slot, 'steady');
    if (this.#back) {
      this.operation.done -= good.filter((slot) => this.#switched.includes(slot)).length;
      for (const slot of this.#waiting()) this.#release(slot);
      this.#end('rolled-back');
      return;
    }
    this.operation.done += good.length;
    this.#switched.push(...good);
    this.#batch++;
    this.#stage = 'observe';
    this.#wait(this.#rollout.observe);
  }

  /** After the observation: orders first, then the gate. */
  #verdict(): void {
    const batch = this.#batches[this.#batch - 1] ?? [];
    if (this.#wish === 'roll-back') {
      this.#startBack([...this.#switched].reverse(), 'rolled back by order');
      return;
    }
    const complaint = this.#gate(batch.length);
    if (complaint && this.#rollout.gate?.otherwise === 'roll-back') {
      this.#startBack([...batch].reverse(), `gate after batch ${String(this.#batch)}: ${complaint}`);
    } else if (complaint) {
      this.#pauseNow(`gate after batch ${String(this.#batch)}: ${complaint}`);
    } else if (this.#wish === 'pause') {
      this.#pauseNow('paused by order');
    } else if (this.#batch === this.#batches.length) {
      this.#end('done');
    } else {
      this.#stage = 'pause';
      this.#wait(this.#rollout.pause);
    }
  }

  /** What the gate objects to; undefined when it is content. */
  #gate(slots: number): string | undefined {
    const gate = this.#rollout.gate;
    if (!gate) return undefined;
    const readings = [this.#from, this.#to].map((app) => this.#world.reading(app)).filter((reading) => reading !== undefined);
    const success = Math.min(1, ...readings.map((reading) => reading.successRatio));
    const responseP99 = Math.max(0, ...readings.map((reading) => reading.responseP99)) as Duration;
    const seen = this.operation.gate;
    this.operation.gate = {
      success: Math.min(success, seen?.success ?? 1),
      responseP99: Math.max(responseP99, seen?.responseP99 ?? 0) as Duration,
    };
    const failed = slots === 0 ? 0 : this.#failedInBatch / slots;
    const percent = (ratio: number) => `${String(Math.round(ratio * 10000) / 100)}%`;
    if (success < gate.success) return `success ${percent(success)} is below ${percent(gate.success)}`;
    if (responseP99 > gate.responseP99)
      return `response p99 ${String(Math.round(responseP99 / 1000))} ms is above ${String(gate.responseP99 / 1000)} ms`;
    if (failed > gate.failedSlots) return `${percent(failed)} of the slots failed, ${percent(gate.failedSlots)} may`;
    return undefined;
  }

  #startBack(slots: readonly Slot[], reason: string): void {
    this.#back = true;
    this.operation.state = 'rolling-back';
    this.operation.reason = reason;
    const { cluster } = this.#world;
    const touched = slots.filter((slot) => slot.state === 'stuck' || slot.holder === this.#to);
    for (const slot of touched) {
      if (slot.extra) cluster.releaseExtra(this.#world.now(), slot, this.#to);
      cluster.setSlotState(this.#world.now(), slot, 'switching');
    }
    this.#startSteps(touched, { giver: this.#to, taker: this.#from });
  }

  #pauseNow(reason: string): void {
    this.#token++;
    this.#wish = undefined;
    this.#stage = 'pause';
    this.operation.state = 'paused';
    this.operation.reason = reason;
    this.#world.emit({ kind: 'operation', operation: this.operation });
  }

  #end(state: 'done' | 'rolled-back'): void {
    this.#token++;
    this.#stage = 'over';
    this.operation.state = state;
    this.operation.ended ??= this.#world.now();
    this.#world.emit({ kind: 'operation', operation: this.operation });
  }

  /** Slots whose batch has not begun. */
  #waiting(): readonly Slot[] {
    return this.#batches.slice(this.#batch).flat();
  }

  /** The slot stays with the giver. */
  #release(slot: Slot): void {
    const { cluster } = this.#world;
    if (slot.state !== 'switching') return;
    cluster.setSlotState(this.#world.now(), slot, 'steady');
    setMode(this.#world, cluster.tenant(slot, this.#to), keptAlive(cluster.app(this.#to)));
  }

  #wait(delay: Duration): Time {
    const at = after(this.#world.now(), delay);
    this.#world.schedule(at, { kind: 'batch-due', operation: this.operation.id, token: ++this.#token });
    return at;
  }
}

/** Splits `slots` by cumulative shares, each rounded up to whole slots; empty batches fall out. */
export function inBatches<T>(slots: readonly T[], shares: readonly number[]): readonly (readonly T[])[] {
  const batches: T[][] = [];
  let from = 0;
  for (const share of shares) {
    const to = Math.min(slots.length, Math.ceil(Number((share * slots.length).toPrecision(12))));
    if (to > from) batches.push(slots.slice(from, to));
    from = to;
  }
  return batches;
}

/** Order in which slots are switched: `node`, node by node; `spread`, in turn over the zones, then nodes. Lowest indexes first. */
export function inSwitchOrder(slots: readonly Slot[], by: Rollout['by'], zones: number): readonly Slot[] {
  const byNode = [...slots].sort((a, b) => (a.node as number) - (b.node as number) || a.id - b.id);
  if (by === 'node') return byNode;
  const seen = new Map<number, number>();
  const keyed = byNode.map((slot) => {
    const round = seen.get(slot.node as number) ?? 0;
    seen.set(slot.node as number, round + 1);
    return { slot, round };
  });
  const queues: Slot[][] = Array.from({ length: zones }, () => []);
  for (const { slot } of keyed.sort((a, b) => a.round - b.round || (a.slot.node as number) - (b.slot.node as number)))
    (queues[slot.zone] as Slot[]).push(slot);
  const order: Slot[] = [];
  for (let i = 0; order.length < slots.length; i++) for (const queue of queues) if (queue[i]) order.push(queue[i] as Slot);
  return order;
}
