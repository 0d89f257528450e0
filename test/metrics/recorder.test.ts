import { describe, expect, it } from 'vitest';
import { fromSeconds, type Time, time } from '../../src/base/units.ts';
import { csvFiles, type DetailFile, type Row } from '../../src/metrics/columns.ts';
import { Recorder } from '../../src/metrics/recorder.ts';
import { TestWorld } from '../operations/support.ts';

const at = (seconds: number): Time => time(fromSeconds(seconds));

/** What a recorder made of a world's facts until `end`: its first `opening` facts are the opening's. */
function record(
  world: TestWorld,
  opening: number,
  end: number,
  pods = true,
): { readonly recorder: Recorder; readonly rows: Readonly<Record<DetailFile, Row[]>> } {
  const rows: Record<DetailFile, Row[]> = { apps: [], operations: [], switches: [], pods: [], nodes: [] };
  const { cluster } = world;
  const node = (index: number | undefined) => (index === undefined ? undefined : cluster.node(index).name);
  const names = {
    strategy: 's',
    app: (index: number) => cluster.app(index).name,
    zone: (index: number) => cluster.spec.zones[index]?.name ?? '',
    node,
  };
  const recorder = new Recorder({ write: (file, row) => rows[file].push(row) }, pods, names, cluster.apps.length);
  return { recorder, rows: play() };

  function play(): typeof rows {
    if (opening === 0) recorder.opened();
    live(world, (fact, now, index) => {
      recorder.fact(fact, now);
      if (index + 1 === opening) recorder.opened();
    });
    world.until(end);
    recorder.end(at(end), world.controller.operations, cluster.pods);
    return rows;
  }
}

type Told = TestWorld['facts'][number]['fact'];

/** Passes on the facts that are there and those to come, as a run does: at the moment at which they happen. */
function live(world: TestWorld, tell: (fact: Told, now: Time, index: number) => void): void {
  world.facts.forEach(({ at: seconds, fact }, index) => {
    tell(fact, at(seconds), index);
  });
  const push = world.facts.push.bind(world.facts);
  world.facts.push = (...added) => {
    for (const { at: seconds, fact } of added) tell(fact, at(seconds), world.facts.length);
    return push(...added);
  };
}

const gala = { index: 0, name: 'gala' };
const sale = { index: 1, name: 'sale' };

describe('the counts of a run', () => {
  it('are of pods created after the opening, and of all that are gone', () => {
    const world = new TestWorld();
    world.scale('gala', 3, true);
    const opening = world.facts.length;
    world.scale('sale', 4);
    const { recorder } = record(world, opening, 20);
    world.scale('gala', 1);
    world.scale('sale', 3);
    world.until(40);
    const of = (app?: typeof gala) => recorder.counts(at(40), world.controller.operations, world.cluster.stuck[0], app);
    expect([of(), of(gala), of(sale)].map(({ podsCreated, podsDeleted }) => [podsCreated, podsDeleted])).toEqual([
      [4, 3],
      [0, 2],
      [4, 1],
    ]);
  });

  it('are of pods that wait for a node at once, and of how long each waited', () => {
    const world = new TestWorld();
    world.scale('gala', 2);
    world.scale('sale', 1);
    const { recorder } = record(world, 0, 20);
    const of = (app?: typeof gala) => recorder.counts(at(20), world.controller.operations, world.cluster.stuck[0], app);
    expect([of(), of(gala), of(sale)].map(({ podsPendingMax, scheduling }) => [podsPendingMax, scheduling])).toEqual([
      [3, [1, 2, 3]],
      [2, [1, 2]],
      [1, [3]],
    ]);
  });

  it('do not count a pod of the opening as pending: it is placed at its very instant', () => {
    const world = new TestWorld();
    world.scale('gala', 3, true);
    const { recorder } = record(world, world.facts.length, 10);
    expect(recorder.counts(at(10), world.controller.operations, world.cluster.stuckAll)).toMatchObject({
      podsPendingMax: 0,
      scheduling: [],
      podsCreated: 0,
    });
  });

  it('are of switches that were not refused, for giver and taker alike, with their durations', () => {
    const world = new TestWorld({ fails: (name) => name.startsWith('switch/night/0/1/resources-up/') });
    world.reserve(4, 'gala', true);
    const { recorder } = record(world, world.facts.length, 1);
    world.switch(1, {}, 'sale', 'gala'); // refused: sale holds nothing
    world.switch(2); // slot 0 gets stuck, slot 1 is switched
    world.until(100);
    const counts = recorder.counts(at(100), world.controller.operations, world.cluster.stuckAll);
    // From 1 s on: down 5, 2.5, up with a second try 2 · 0.5 + 1 (its slot is stuck at 10.5; the other was ready at 10), push 2, status 1.5.
    expect(counts).toMatchObject({
      switches: 1,
      switchesFailed: 1,
      switchesRolledBack: 0,
      slotsSwitched: 1,
      slotsStuckMax: 1,
      switchSeconds: [13],
    });
    expect(counts).toMatchObject({ slotsFailed: 1 });
    expect(counts.driftSeconds).toBe(100 - 10.5);
    // Giver and taker took part; only the taker got a slot.
    for (const app of [gala, sale])
      expect(recorder.counts(at(100), world.controller.operations, world.cluster.stuck[0], app)).toMatchObject({
        switches: 1,
        slotsSwitched: app === sale ? 1 : 0,
      });
    expect(recorder.counts(at(100), world.controller.operations, world.cluster.stuck[0], { index: 0, name: 'other' })).toMatchObject({
      switches: 0,
      slotsSwitched: 0,
      switchSeconds: [],
    });
  });

  it('leave out the duration of a switch that is still under way', () => {
    const world = new TestWorld();
    world.reserve(2, 'gala', true);
    const { recorder } = record(world, world.facts.length, 1);
    world.switch(2);
    world.until(8);
    expect(recorder.counts(at(8), world.controller.operations, world.cluster.stuckAll)).toMatchObject({ switches: 1, switchSeconds: [] });
  });
});

describe('the rows of a run', () => {
  it('are one per state that a pod was in for more than an instant, and its last', () => {
    const world = new TestWorld();
    world.scale('gala', 1);
    const { rows } = record(world, 0, 70);
    // Nowhere while it waits; bound at 1 s.
    expect(rows.pods).toEqual([
      { pod: 0, app: 'gala', zone: undefined, node: undefined, slot: undefined, state: 'pending', from_s: 0, to_s: 1, reason: 'bound' },
      { pod: 0, app: 'gala', zone: 'east', node: 'east-0', slot: undefined, state: 'starting', from_s: 1, to_s: 63, reason: 'started' },
      {
        pod: 0,
        app: 'gala',
        zone: 'east',
        node: 'east-0',
        slot: undefined,
        state: 'warming',
        from_s: 63,
        to_s: 70,
        reason: 'end of the run',
      },
    ]);
  });

  it('are not made of pods where they are not wanted', () => {
    const world = new TestWorld();
    world.scale('gala', 1);
    expect(record(world, 0, 70, false).rows.pods).toEqual([]);
  });

  it('are one per step of a slot, and one per operation, in order', () => {
    const world = new TestWorld();
    world.reserve(1, 'gala', true);
    const before = world.facts.length;
    world.switch(1);
    world.scale('sale', 1);
    const { rows } = record(world, before, 30);
    expect(
      rows.switches.map(({ batch, slot, node, step, from_app, to_app, started_s, ended_s, attempts, outcome, bytes }) => [
        batch,
        slot,
        node,
        step,
        from_app,
        to_app,
        started_s,
        ended_s,
        attempts,
        outcome,
        bytes,
      ]),
    ).toEqual([
      [1, 0, 'east-0', 'traffic-down', 'gala', 'sale', 0, 5, 1, 'done', 0],
      [1, 0, 'east-0', 'resources-down', 'gala', 'sale', 5, 7.5, 1, 'done', 2e9],
      [1, 0, 'east-0', 'resources-up', 'gala', 'sale', 7.5, 9, 1, 'done', 2e9],
      [1, 0, 'east-0', 'traffic-up', 'gala', 'sale', 9, 11, 1, 'done', 0],
      [1, 0, 'east-0', 'status', 'gala', 'sale', 11, 12.5, 1, 'done', 0],
    ]);
    expect(
      rows.operations.map(
        ({ operation, strategy, kind, app_from, app_to, group, requested, done, failed, ordered_s, ended_s, state, batches }) => [
          operation,
          strategy,
          kind,
          app_from,
          app_to,
          group,
          requested,
          done,
          failed,
          ordered_s,
          ended_s,
          state,
          batches,
        ],
      ),
    ).toEqual([
      [0, 's', 'reserve', undefined, 'gala', 'night', 1, 1, 0, 0, 0, 'done', undefined],
      [1, 's', 'switch', 'gala', 'sale', 'night', 1, 1, 0, 0, 12.5, 'done', 1],
      [2, 's', 'scale', undefined, 'sale', undefined, 1, 0, 0, 0, undefined, 'running', undefined],
    ]);
  });

  it('have only columns that their file has', () => {
    const world = new TestWorld();
    world.reserve(1, 'gala', true);
    world.switch(1);
    const { rows } = record(world, 0, 30);
    for (const file of ['operations', 'switches', 'pods'] as const) {
      const columns: readonly string[] = csvFiles[file].columns.map(({ name }) => name);
      expect(rows[file].length).toBeGreaterThan(0);
      for (const row of rows[file]) expect(Object.keys(row).filter((name) => !columns.includes(name))).toEqual([]);
    }
  });
});
