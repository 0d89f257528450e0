import { describe, expect, it } from 'vitest';
import { fromSeconds, time } from '../../src/base/units.ts';
import { failureText } from '../../src/metrics/failures.ts';
import type { Fault } from '../../src/operations/fault-spec.ts';
import type { Operation } from '../../src/operations/operation.ts';
import { constantLaw } from '../../src/random/duration-law.ts';
import { platform, TestWorld } from '../operations/support.ts';

const text = (operation: Operation): string | undefined => failureText(operation, (app) => ['gala', 'sale'][app] ?? '?');
const times = (from: number, length: number) => ({ begins: { at: time(fromSeconds(from)) }, for: constantLaw(fromSeconds(length)) });
const onNode0 = (kind: 'node-loss' | 'agent-down', from: number, length: number): Fault => ({
  kind,
  ...times(from, length),
  nodes: [0],
  speed: 1000,
});

/** Four slots of gala, 0 and 2 on node 0. Traffic goes down until 5 s, memory out until 9.5 s. */
function fleet(options: ConstructorParameters<typeof TestWorld>[0] = {}): TestWorld {
  const world = new TestWorld(options);
  world.reserve(4, 'gala', true);
  return world;
}
/** Two tries of 10 s with a pause of 1 s. */
const impatient = platform({ steps: { failure: '50%', tries: 2, backoff: '1s', timeout: '10s' }, inspection: 'none' });

describe('why slots failed in a switch, and what became of them', () => {
  it('is nothing where none did', () => {
    const world = fleet();
    const operation = world.switch(4);
    world.until(60);
    expect(text(operation)).toBeUndefined();
  });

  it('names the steps in which they are stuck; the inspection of 60 s repairs them', () => {
    const fails = (name: string): boolean => /^switch\/night\/(0\/1\/resources-up|1\/1\/traffic-down)\//.test(name);
    const world = fleet({ fails, platform: platform({ inspection: { every: '60s' } }) });
    const operation = world.switch(4);
    world.until(59);
    const why = '2 of 4 slots failed: 1 stuck in traffic-down: failed, 1 stuck in resources-up: failed; then ';
    expect(text(operation)).toBe(`${why}2 still stuck`);
    world.until(120);
    expect(text(operation)).toBe(`${why}2 running sale`);
  });

  it('tells of lost nodes, whose slots come back for the taker', () => {
    const world = fleet({ faults: [onNode0('node-loss', 7, 20)] });
    const operation = world.switch(4);
    world.until(60); // back at 27 s, started at 87 s
    expect(text(operation)).toBe('2 of 4 slots failed: 2 node lost; then 2 not running yet');
    world.until(120);
    expect(text(operation)).toBe('2 of 4 slots failed: 2 node lost; then 2 running sale');
  });

  it('tells of slots that were made anew: given up 40 s + 5 min after the loss, with a node again at 607 s', () => {
    const world = fleet({ faults: [onNode0('node-loss', 7, 600)] });
    const operation = world.switch(4);
    world.until(600);
    expect(text(operation)).toBe('2 of 4 slots failed: 2 node lost; then 2 not running yet');
    expect(world.cluster.slots).toHaveLength(6);
    world.until(800);
    expect(text(operation)).toBe('2 of 4 slots failed: 2 node lost; then 2 running sale');
  });

  it('tells agents that are down from answers that come too late', () => {
    const down = fleet({ faults: [onNode0('agent-down', 3, 500)], platform: impatient });
    const stalled = fleet({ faults: [{ kind: 'api-stall', ...times(4, 500) }], platform: impatient });
    const operations = [down, stalled].map((world) => {
      const operation = world.switch(4);
      world.until(60);
      return operation;
    });
    expect(operations.map(text)).toEqual([
      '2 of 4 slots failed: 2 stuck in resources-down: agent down; then 2 still stuck',
      '4 of 4 slots failed: 4 stuck in resources-down: no answer in time; then 4 still stuck',
    ]);
  });
});
