import { describe, expect, it } from 'vitest';
import { fromSeconds } from '../../src/base/units.ts';
import type { Operation } from '../../src/operations/operation.ts';
import { reasonOf } from '../../src/operations/operation.ts';
import { TestWorld } from './support.ts';

/** Slots on two nodes held by gala, and one pod outside of each app per zone. A batch takes 12.5 s: push 2, drain 3, out 2.5, in 1.5, push 2, status 1.5. */
function fleet(options: ConstructorParameters<typeof TestWorld>[0] = {}, slots = 4): TestWorld {
  const world = new TestWorld(options);
  world.reserve(slots, 'gala', true);
  world.scale('gala', 2, true);
  world.scale('sale', 2, true);
  return world;
}
const rollBack = (world: TestWorld, { id }: Operation): Operation => world.order({ kind: 'roll-back', operation: id });
const slotStates = (world: TestWorld) => world.cluster.slots.map(({ state }) => state);
const gate = { success: 0.99, responseP99: fromSeconds(1), failedSlots: 0.2, otherwise: 'roll-back' } as const;
const load = (offeredPerSecond: number) => ({ offeredPerSecond, successRatio: 1, responseP99: fromSeconds(0.1) });

describe('the slots of a switch', () => {
  it('are its own until it is over, those handed over too: they cannot be given back or switched by another order', () => {
    const world = fleet();
    const operation = world.switch(4, { batches: [0.5, 1], observe: fromSeconds(60) });
    world.until(20); // batch 1 is observed
    expect([operation.done, ...slotStates(world)]).toEqual([2, 'switching', 'switching', 'switching', 'switching']);
    const fewer = world.reserve(3, 'gala');
    expect([fewer.state, reasonOf(fewer)]).toEqual([
      'refused',
      'only 0 of 4 slots can be given back; the others are starting or switching',
    ]);
    expect(world.switch(2, {}, 'sale', 'gala').state).toBe('refused');
    rollBack(world, operation);
    world.until(200);
    expect([operation.state, operation.done, ...slotStates(world)]).toEqual(['rolled-back', 0, 'steady', 'steady', 'steady', 'steady']);
    expect(world.reserve(3, 'gala').state).toBe('running');
  });

  it('that are stuck can be given back, and leave first', () => {
    const world = fleet({ fails: (name) => name.startsWith('switch/night/1/1/resources-up/') });
    world.switch(4);
    world.until(50);
    expect(slotStates(world)).toEqual(['steady', 'stuck', 'steady', 'steady']);
    const operation = world.reserve(3, 'sale');
    world.until(100);
    expect([operation.state, ...slotStates(world)]).toEqual(['done', 'steady', 'gone', 'steady', 'steady']);
  });
});

describe('an order to roll back', () => {
  it('begins when the batch at work has ended, without its observation; an order to pause cannot take it back', () => {
    const world = fleet();
    const operation = world.switch(4, { batches: [0.5, 1], observe: fromSeconds(600) });
    world.until(3);
    expect(rollBack(world, operation).state).toBe('done');
    expect(operation.state).toBe('rolling-back');
    world.until(4);
    expect(world.order({ kind: 'pause', operation: operation.id }).state).toBe('refused');
    world.until(24.9); // 12.5 there, 12.5 back
    expect(operation.state).toBe('rolling-back');
    world.until(25);
    expect([operation.state, operation.handedOver, operation.handedBack, ...slotStates(world)]).toEqual([
      'rolled-back',
      2,
      2,
      'steady',
      'steady',
      'steady',
      'steady',
    ]);
  });

  it('takes back every slot touched, stuck ones too', () => {
    const world = fleet({ fails: (name) => name.startsWith('switch/night/0/1/resources-up/') });
    const operation = world.switch(4, { batches: [0.5, 1], observe: fromSeconds(10) });
    world.until(20);
    expect(slotStates(world)).toEqual(['stuck', 'switching', 'switching', 'switching']);
    rollBack(world, operation);
    world.until(100);
    expect([operation.state, operation.failed, ...slotStates(world)]).toEqual(['rolled-back', 1, 'steady', 'steady', 'steady', 'steady']);
    for (const slot of [0, 1, 2, 3]) expect(world.states(slot)).toEqual(['running', 'keep-alive']);
  });

  it('ends a switch that has touched nothing at once, and that never started', () => {
    const world = fleet();
    world.readings.set(0, load(2300)); // 2,400/s less a batch of two: held back
    const operation = world.switch(4, { batches: [0.5, 1] });
    world.until(15);
    rollBack(world, operation);
    expect([operation.state, operation.started, operation.batches]).toEqual(['rolled-back', undefined, 0]);
    expect(slotStates(world)).toEqual(['steady', 'steady', 'steady', 'steady']);
  });

  it('leaves no slot whose taker lacks capacity because of the switch', () => {
    const world = fleet({ fails: (name) => name.startsWith('switch/night/0/1/traffic-down/') });
    const operation = world.switch(4, { batches: [0.5, 1], observe: fromSeconds(20), gate });
    const causes = () => world.cluster.slots.map((slot) => world.cluster.tenant(slot, 1).mode?.cause);
    expect(causes()).toEqual(['switch', 'switch', 'switch', 'switch']);
    world.until(100);
    expect([operation.state, ...causes()]).toEqual(['rolled-back', undefined, undefined, undefined, undefined]);
  });
});

describe('a roll-back of make-before-break', () => {
  it('keeps the extra room until the limits of the one that leaves have fallen', () => {
    // The taker's traffic does not come up in slots 0 and 2, both on node 0: they are stuck with both tenants on full limits.
    const world = fleet({ cpu: 40_000, fails: (name) => /^switch\/night\/[02]\/1\/traffic-up/.test(name) });
    const operation = world.switch(4, { order: 'make-before-break', by: 'node', gate, observe: fromSeconds(20) });
    for (let at = 0; at <= 200; at += 0.25) {
      world.until(at);
      for (const slot of world.cluster.slots) {
        const limits = slot.tenants.reduce((sum, pod) => sum + pod.limits.millicores, 0);
        expect(limits).toBeLessThanOrEqual(5000 + (slot.extra?.millicores ?? 0));
      }
    }
    expect([operation.state, ...slotStates(world)]).toEqual(['rolled-back', 'steady', 'steady', 'steady', 'steady']);
    expect(world.cluster.slots.map(({ extra, holder }) => [extra, holder])).toEqual(Array(4).fill([undefined, 0]));
  });
});

describe('what is said of a switch', () => {
  it('counts a slot that fails there and back once', () => {
    const world = fleet({ fails: (name) => /^switch\/night\/[0-3]\/\d\/(traffic-up|resources-down)/.test(name) });
    const operation = world.switch(4, { gate, observe: fromSeconds(20) });
    world.until(300);
    expect([operation.requested, operation.failed, operation.done]).toEqual([4, 4, 0]);
  });

  it('counts the batches that have begun', () => {
    const world = fleet();
    const operation = world.switch(4, { batches: [0.5, 1], observe: fromSeconds(10) });
    world.until(1);
    expect(operation.batches).toBe(1);
    world.until(23);
    expect(operation.batches).toBe(2);
  });

  it('keeps one word on each subject: fewer slots, the pre-check, a pause while it lasts', () => {
    const world = fleet();
    world.readings.set(0, load(2300));
    const operation = world.switch(9, { batches: [0.5, 1], gate });
    world.order({ kind: 'pause', operation: operation.id });
    expect([...operation.notes.keys()]).toEqual(['fewer', 'observation', 'pre-check', 'paused']);
    expect(reasonOf(operation)).toContain('`observe` is shorter than metrics.window + metrics.delay');
    world.order({ kind: 'resume', operation: operation.id });
    expect([...operation.notes.keys()]).toEqual(['fewer', 'observation', 'pre-check']);
    expect(operation.notes.get('fewer')).toBe('9 slots asked, 4 can be switched (4 steady)');
  });

  it('is done after the last batch, whoever asked for a pause', () => {
    const world = fleet();
    const operation = world.switch(4, { observe: fromSeconds(10) });
    world.until(15); // observed until 22.5
    world.order({ kind: 'pause', operation: operation.id });
    world.until(100);
    expect(operation.state).toBe('done');
  });
});

describe('pre-checks', () => {
  it('of two switches from one giver add up', () => {
    // Six pods of gala carry 2,400/s: two may go, not four, while 1,500/s come.
    const world = fleet();
    world.readings.set(0, load(1500));
    const [first, second] = [world.switch(2), world.switch(2)];
    world.until(6);
    expect([first.started, second.started]).toEqual([0, undefined]);
    expect(world.cluster.running(0)).toBe(4);
  });

  it('held back look again when the next window is seen, not a window after their own time', () => {
    const world = fleet();
    world.readings.set(0, load(2300));
    world.until(3); // windows of 10 s, seen at once: the next is over at 10 s
    const operation = world.switch(4);
    world.readings.set(0, load(100));
    world.until(60);
    expect(operation.started).toBe(fromSeconds(10));
  });

  it('counts a slot whose way back fails neither as done nor as handed back', () => {
    // Stream names count switches: the first walk is 1, the way back 2.
    const world = fleet({ fails: (name) => name.startsWith('switch/night/0/2/resources-up/') });
    const operation = world.switch(2, { observe: fromSeconds(600) });
    world.until(20);
    rollBack(world, operation);
    world.until(100);
    expect(operation).toMatchObject({ state: 'rolled-back', done: 0, failed: 1, handedOver: 2, handedBack: 1 });
    expect([world.states(0), world.states(1)]).toEqual([
      ['keep-alive', 'keep-alive'],
      ['running', 'keep-alive'],
    ]);
  });

  it('lays what the giver still lacks at the door of the switch until it has it back', () => {
    const world = fleet();
    const operation = world.switch(2, { observe: fromSeconds(600) });
    const causes = () => world.cluster.slots.slice(0, 2).map((slot) => world.cluster.tenant(slot, 0).mode?.cause);
    world.until(20);
    rollBack(world, operation);
    expect(causes()).toEqual(['switch', 'switch']);
    world.until(100);
    expect(causes()).toEqual([undefined, undefined]);
  });
});
