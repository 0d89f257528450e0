import { describe, expect, it } from 'vitest';
import { fromSeconds } from '../../src/base/units.ts';
import { reasonOf } from '../../src/operations/operation.ts';
import { inBatches } from '../../src/operations/batches.ts';
import { inS, platform, TestWorld } from './support.ts';

/** Four slots on two nodes held by gala, and one pod outside of each app per zone. */
function fleet(options: ConstructorParameters<typeof TestWorld>[0] = {}): TestWorld {
  const world = new TestWorld(options);
  world.reserve(4, 'gala', true);
  world.scale('gala', 2, true);
  world.scale('sale', 2, true);
  return world;
}

const gate = { success: 0.99, responseP99: fromSeconds(1), failedSlots: 0.2, otherwise: 'roll-back' } as const;

describe('a switch, break before make', () => {
  // One slot a node at a time: push 2 + drain 3 = 5; limit 0.5 + out 2 GB ÷ 1 GB/s = 2.5; limit 0.5 + in 2 GB ÷ 2 GB/s = 1.5; push 2; status 1.5: 12.5 s.
  it('walks a batch of one slot a node through the steps: 5, 2.5, 1.5, 2 and 1.5 seconds', () => {
    const world = fleet();
    const operation = world.switch(4, { batches: [0.5, 1], observe: fromSeconds(10) });
    world.until(12.5);
    expect(world.steps()).toEqual([
      [0, 'traffic-down', 0, 5, 'done'],
      [1, 'traffic-down', 0, 5, 'done'],
      [0, 'resources-down', 5, 7.5, 'done'],
      [1, 'resources-down', 5, 7.5, 'done'],
      [0, 'resources-up', 7.5, 9, 'done'],
      [1, 'resources-up', 7.5, 9, 'done'],
      [0, 'traffic-up', 9, 11, 'done'],
      [1, 'traffic-up', 9, 11, 'done'],
      [0, 'status', 11, 12.5, 'done'],
      [1, 'status', 11, 12.5, 'done'],
    ]);
    expect(world.states(0)).toEqual(['keep-alive', 'running']);
    expect(operation).toMatchObject({ state: 'running', done: 2, requested: 4 });
    // Ten seconds of observation, then the second batch alike: 12.5 + 10 + 12.5 = 35 s to the last status, 45 s to the last verdict.
    world.until(44.9);
    expect(operation).toMatchObject({ state: 'running', done: 4 });
    expect(inS(operation.ended)).toBe(35);
    world.until(45);
    expect(operation).toMatchObject({ state: 'done', done: 4, failed: 0, batches: 2 });
    expect(inS(operation.ended)).toBe(35);
  });

  it('tells the states of a giver and a taker in order', () => {
    const world = fleet();
    world.switch(4, { batches: [0.5, 1], observe: fromSeconds(10) });
    world.until(60);
    const [giver, taker] = world.cluster.slot(0).tenants.map((pod) => pod.id);
    expect(world.history(giver ?? -1).slice(3)).toEqual([
      [2, 'draining-to-standby'],
      [5, 'cutoff'],
      [5.5, 'swapping-out'],
      [7.5, 'keep-alive'],
    ]);
    expect(world.history(taker ?? -1).slice(2)).toEqual([
      [8, 'swapping-in'],
      [11, 'running'],
    ]);
  });

  it('shares the swap bandwidth of a node among the slots that swap there, by node', () => {
    const world = fleet();
    world.switch(4, { batches: [0.5, 1], by: 'node' });
    world.until(20);
    // Batch 1 is the two slots of node 0: out 2·2 GB ÷ 1 GB/s = 4 s, in 2·2 GB ÷ 2 GB/s = 2 s.
    expect(world.steps().filter(([, step, start]) => step.startsWith('resources') && start < 12)).toEqual([
      [0, 'resources-down', 5, 9.5, 'done'],
      [2, 'resources-down', 5, 9.5, 'done'],
      [0, 'resources-up', 9.5, 12, 'done'],
      [2, 'resources-up', 9.5, 12, 'done'],
    ]);
  });

  it('ends a step with its slowest slot: a failed try is repeated after the backoff, and all wait', () => {
    // Slot 1 fails its first limit write: try 0.5 s + backoff 1 s + try 0.5 s + out 2 s = 4 s instead of 2.5 s.
    const world = fleet({ fails: (name) => name === 'switch/night/1/1/resources-down/1' });
    world.switch(2);
    world.until(30);
    expect(world.steps().filter(([, step]) => step === 'resources-down' || step === 'resources-up')).toEqual([
      [0, 'resources-down', 5, 7.5, 'done'],
      [1, 'resources-down', 5, 9, 'done'],
      [0, 'resources-up', 9, 10.5, 'done'],
      [1, 'resources-up', 9, 10.5, 'done'],
    ]);
  });

  it('doubles the backoff from try to try', () => {
    const world = fleet({
      fails: (name) => /^switch\/night\/0\/1\/status\/[123]$/.test(name),
      platform: platform({ steps: { failure: '50%', tries: 4, backoff: '1s' } }),
    });
    world.switch(1);
    world.until(60);
    // Status from 11 s: 1.5, then backoff 1 + 1.5, 2 + 1.5, 4 + 1.5: 11 + 6 + 7 = 24 s.
    expect(world.steps().at(-1)).toEqual([0, 'status', 11, 24, 'done']);
  });

  it('holds a batch back until what stays with the giver carries its load', () => {
    const world = fleet();
    // 6 pods of gala carry 2,400/s; without a batch of four 800/s, too little for 900/s.
    world.readings.set(0, { offeredPerSecond: 900, successRatio: 1, responseP99: fromSeconds(0.1) });
    const operation = world.switch(4);
    world.until(25);
    expect(operation).toMatchObject({ state: 'running', started: undefined });
    expect(reasonOf(operation)).toBe('pre-check held batch 1 back 3 times: 800/s would stay with gala, which gets 900/s');
    world.readings.set(0, { offeredPerSecond: 800, successRatio: 1, responseP99: fromSeconds(0.1) });
    world.until(60);
    expect(operation).toMatchObject({ state: 'done', done: 4 });
    expect(inS(operation.started)).toBe(30); // the next window after 25 s
  });

  it('moves a ratio in ten steps where the platform ramps it', () => {
    const world = fleet({ platform: platform({ ratioRamp: '5s', steps: { failure: '0%' } }) });
    world.switch(1);
    world.until(40);
    // Traffic down: push 2 + nine gaps of 0.5 + drain 3 = 9.5; up: push 2 + 4.5.
    expect(world.steps().map(([, step, start, end]) => [step, end - start])).toEqual([
      ['traffic-down', 9.5],
      ['resources-down', 2.5],
      ['resources-up', 1.5],
      ['traffic-up', 6.5],
      ['status', 1.5],
    ]);
  });

  it('refuses a switch whose giver holds nothing, and takes fewer slots where fewer can be switched', () => {
    const world = fleet();
    const refused = world.switch(4, {}, 'sale', 'gala');
    expect([refused.state, reasonOf(refused)]).toEqual(['refused', 'sale holds no slot of group night that could be switched (4 steady)']);
    const operation = world.switch(9);
    expect(operation).toMatchObject({ requested: 9, failed: 0 });
    expect(reasonOf(operation)).toBe('9 slots asked, 4 can be switched (4 steady)');
    const second = world.switch(1);
    expect([second.state, reasonOf(second)]).toEqual(['refused', 'gala holds no slot of group night that could be switched (4 switching)']);
    world.until(100);
    expect(operation).toMatchObject({ state: 'done', done: 4, failed: 0 });
  });
});

describe('a slot that fails for good', () => {
  it('is stuck where it stands, the rest of the batch goes on', () => {
    const world = fleet({ fails: (name) => name.startsWith('switch/night/0/1/resources-up/') });
    const operation = world.switch(2);
    world.until(60);
    expect(world.cluster.slot(0).state).toBe('stuck');
    expect(world.states(0)).toEqual(['keep-alive', 'keep-alive']);
    expect(world.states(1)).toEqual(['keep-alive', 'running']);
    expect(operation).toMatchObject({ state: 'done', done: 1, failed: 1 });
    // Tries at 7.5–8 and, after a second of backoff, at 9–9.5.
    expect(
      world
        .steps()
        .filter(([slot]) => slot === 0)
        .at(-1),
    ).toEqual([0, 'resources-up', 7.5, 9.5, 'stuck']);
  });

  it('makes the gate roll the batch back: the giver runs again in every slot, the failed one too', () => {
    const world = fleet({ fails: (name) => name.startsWith('switch/night/0/1/resources-up/') });
    const operation = world.switch(4, { batches: [0.5, 1], observe: fromSeconds(10), gate });
    world.until(200);
    expect(operation).toMatchObject({
      state: 'rolled-back',
      done: 0,
      failed: 1,
      handedOver: 1,
      handedBack: 1,
      batches: 1,
    });
    expect(reasonOf(operation)).toBe('gate after batch 1: 50% of the slots failed, 20% may');
    for (const slot of [0, 1, 2, 3]) {
      expect(world.states(slot)).toEqual(['running', 'keep-alive']);
      expect(world.cluster.slot(slot).state).toBe('steady');
    }
    // Batch 1 ends at 14.5 (the failed tries hold it up by 0.5 s: 9.5 instead of 9), verdict 10 s later at 23 …
    const back = world.steps().filter(([, , start]) => start >= 23);
    // … then back: slot 1 walks all steps; slot 0 has no traffic and no memory to give back and starts with the giver's memory when slot 1 has handed over.
    expect(back.map(([slot, step, start, end]) => [slot, step, start, end])).toEqual([
      [1, 'traffic-down', 23, 28],
      [1, 'resources-down', 28, 30.5],
      [1, 'resources-up', 30.5, 32],
      [0, 'resources-up', 30.5, 32],
      [1, 'traffic-up', 32, 34],
      [0, 'traffic-up', 32, 34],
      [1, 'status', 34, 35.5],
      [0, 'status', 34, 35.5],
    ]);
    expect(inS(operation.ended)).toBe(35.5);
  });

  it('makes the gate pause where it is told to, and goes on when it is resumed', () => {
    const world = fleet({ fails: (name) => name.startsWith('switch/night/0/1/traffic-down/') });
    const operation = world.switch(4, { batches: [0.5, 1], gate: { ...gate, otherwise: 'pause' } });
    world.until(100);
    expect(operation).toMatchObject({ state: 'paused', done: 1 });
    expect(world.order({ kind: 'resume', operation: operation.id })).toMatchObject({ state: 'done' });
    world.until(200);
    expect(operation).toMatchObject({ state: 'done', done: 3, failed: 1 });
  });
});

describe('the gate', () => {
  it('objects to a low success ratio and to a slow response of giver or taker', () => {
    for (const [reading, words] of [
      [{ offeredPerSecond: 1, successRatio: 0.98, responseP99: fromSeconds(0.1) }, 'success 98% is below 99%'],
      [{ offeredPerSecond: 1, successRatio: 1, responseP99: fromSeconds(1.5) }, 'response p99 1500 ms is above 1000 ms'],
    ] as const) {
      const world = fleet();
      world.readings.set(1, reading);
      const operation = world.switch(4, { batches: [0.5, 1], gate });
      world.until(200);
      expect(reasonOf(operation)).toContain(`gate after batch 1: ${words}`);
      expect(operation).toMatchObject({
        state: 'rolled-back',
        gate: { successRatio: reading.successRatio, responseP99: reading.responseP99 },
      });
    }
  });
});

describe('orders to a switch under way', () => {
  it('pause holds it before the next batch, roll back takes back every batch', () => {
    const world = fleet();
    const operation = world.switch(4, { batches: [0.25, 0.5, 1], observe: fromSeconds(10) });
    world.until(1);
    world.order({ kind: 'pause', operation: operation.id });
    world.until(100);
    expect([operation.state, operation.done, reasonOf(operation)]).toEqual(['paused', 1, 'paused by order']);
    world.order({ kind: 'resume', operation: operation.id });
    world.until(120); // the second batch is observed
    expect(operation).toMatchObject({ state: 'running', done: 2 });
    world.order({ kind: 'roll-back', operation: operation.id });
    world.until(300);
    expect([operation.state, operation.done, reasonOf(operation)]).toEqual(['rolled-back', 0, 'rolled back by order']);
    for (const slot of [0, 1, 2, 3]) expect(world.states(slot)).toEqual(['running', 'keep-alive']);
    const again = world.order({ kind: 'roll-back', operation: operation.id });
    expect([again.state, reasonOf(again)]).toEqual(['refused', `operation ${String(operation.id)} is no switch under way`]);
  });
});

describe('a switch, make before break', () => {
  it('brings the taker up before the giver goes down: 1.5, 2, 5, 2.5 and 1.5 seconds', () => {
    const world = fleet();
    const operation = world.switch(2, { order: 'make-before-break' });
    world.until(1);
    // 2 slots of 5 + 2 pods of 4 = 18 cores, and 3 more for the taker.
    expect(world.cluster.node(0).reservedMillicores).toBe(21_000);
    world.until(60);
    expect(world.steps().filter(([slot]) => slot === 0)).toEqual([
      [0, 'resources-up', 0, 1.5, 'done'],
      [0, 'traffic-up', 1.5, 3.5, 'done'],
      [0, 'traffic-down', 3.5, 8.5, 'done'],
      [0, 'resources-down', 8.5, 11, 'done'],
      [0, 'status', 11, 12.5, 'done'],
    ]);
    expect(world.cluster.node(0).reservedMillicores).toBe(18_000);
    expect(operation).toMatchObject({ state: 'done', done: 2 });
  });

  it('refuses a slot for which the node lacks the cores', () => {
    // 18 cores reserved of 20: no room for 3 more.
    const world = fleet({ cpu: 20_000 });
    const operation = world.switch(2, { order: 'make-before-break' });
    world.until(60);
    expect(world.steps()).toEqual([
      [0, 'pre-check', 0, 0, 'refused'],
      [1, 'pre-check', 0, 0, 'refused'],
    ]);
    expect(operation).toMatchObject({ state: 'done', done: 0, failed: 2 });
    expect(world.states(0)).toEqual(['running', 'keep-alive']);
    expect(world.cluster.slot(0).state).toBe('steady');
  });
});

describe('batches', () => {
  it('are cumulative shares rounded up, without empty ones', () => {
    const sizes = (count: number, shares: readonly number[]) =>
      inBatches(Array.from({ length: count }), shares).map((batch) => batch.length);
    expect(sizes(480, [0.01, 0.1, 0.4, 1])).toEqual([5, 43, 144, 288]); // ⌈4.8⌉, ⌈48⌉ − 5, ⌈192⌉ − 48, 480 − 192
    expect(sizes(1, [0.01, 0.1, 0.4, 1])).toEqual([1]);
    expect(sizes(3, [0.3, 0.6, 1])).toEqual([1, 1, 1]); // ⌈0.9⌉ = 1, ⌈1.8⌉ = 2
    expect(sizes(100, [0.07, 1])).toEqual([7, 93]); // 0.07 · 100 is 7.000000000000001 in binary
  });
});
