import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/base/errors.ts';
import { inSeconds, type Time } from '../../src/base/units.ts';
import type { Row } from '../../src/metrics/columns.ts';
import type { RowSink } from '../../src/metrics/recorder.ts';
import { Streams } from '../../src/random/streams.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { ScenarioError } from '../../src/scenario/scenario-error.ts';
import type { RunResult } from '../../src/simulation/run.ts';
import { simulate } from '../../src/simulation/simulate.ts';
import type { Action, PlannedFleet, Strategy, StrategyEntry, View } from '../../src/strategies/strategy.ts';
import { loneWorld, sharedWorld, staged } from './support.ts';

/** What the suite must know of a strategy. Options are written as in a scenario, in braces; apps and groups are those of `sharedWorld`. */
export interface Candidate {
  readonly entry: StrategyEntry;
  /** Options for three apps, two of which share slots: gala, sale, site; night. */
  readonly options: string;
  /** Options for the world of one app without groups: site. */
  readonly alone: string;
  /** Where the strategy cannot do without groups or a second app: what it must say then. */
  readonly needs?: RegExp;
}

/** Puts a strategy through what every strategy must keep. For the built-in ones and for the tests of a plug-in. */
export function testConformance({ entry, options, alone, needs }: Candidate): void {
  describe(`${entry.name} conforms`, () => {
    const scenario = staged(sharedWorld, entry, options);
    const run = watched(scenario, entry);

    it('has a name in kebab-case and a summary of one line', () => {
      expect(entry.name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(entry.summary).toMatch(/^\S.{10,150}\S$/);
    });

    it('refuses an option that it does not know, and says where', () => {
      const wrong = options.replace(/^\{ ?/, '{ nonsense: 1, ').replace(/, \}$/, ' }');
      const error = thrownBy(() => staged(sharedWorld, entry, wrong));
      expect(error).toBeInstanceOf(ScenarioError);
      expect((error as ScenarioError).issues.map(({ path }) => path.map(String))).toContainEqual(['strategies', entry.name, 'nonsense']);
    });

    it('runs to the end with every check held', () => {
      expect(run.result.interrupted).toBe(false);
      expect(run.result.checks.filter(({ held }) => !held)).toEqual([]);
      expect(run.result.checks.length).toBeGreaterThanOrEqual(5);
      expect(run.result.summary.at(-1)).toMatchObject({ app: 'all' });
    });

    it('opens with orders for pods and slots, and wishes to be woken, alone; none is refused', () => {
      const opening = run.calls.find(({ method }) => method === 'open');
      const actions = opening?.answer as readonly Action[];
      expect(actions.filter(({ kind }) => !['scale', 'reserve', 'wake'].includes(kind))).toEqual([]);
      expect(actions.some(({ kind }) => kind === 'scale' || kind === 'reserve')).toBe(true);
      expect(run.operations.filter(({ ordered_s, state }) => ordered_s === 0 && state === 'refused')).toEqual([]);
    });

    it('orders only what is there: known apps and groups, members of the group, at most the slots there are', () => {
      const [apps, groups] = [
        scenario.apps.map(({ name }) => name),
        new Map(scenario.groups.map(({ name, apps: members }) => [name, members])),
      ];
      for (const { view, method, answer } of run.calls) {
        if (method === 'plan') continue;
        for (const action of answer as readonly Action[]) {
          if (action.kind === 'scale') expect(apps).toContain(action.app);
          if (action.kind === 'reserve') expect(groups.get(action.group)).toContain(action.holder);
          if (action.kind !== 'switch') continue;
          expect(groups.get(action.group)).toEqual(expect.arrayContaining([action.from, action.to]));
          expect(action.from).not.toBe(action.to);
          expect(action.slots).toBeLessThanOrEqual(view.group(action.group).slots);
        }
      }
    });

    it('answers the same views with the same actions, each time it is made afresh', () => {
      for (const made of [fresh(scenario, entry), fresh(scenario, entry)]) {
        for (const { method, view, answer } of run.calls)
          expect(called(made, method, view), `${method} at ${String(inSeconds(view.now))} s`).toEqual(answer);
      }
    });

    it('leaves its views as they were', () => {
      const made = fresh(scenario, entry);
      for (const { method, view, before } of run.calls) {
        called(made, method, view);
        expect(looks(view)).toBe(before);
      }
    });

    it('ends in the same bytes when it is run again', () => {
      const again = watched(scenario, entry);
      expect([again.result.fingerprint, again.result.summary]).toEqual([run.result.fingerprint, run.result.summary]);
    });

    it('opens with what it plans, if it plans', () => {
      const plan = run.calls.find(({ method }) => method === 'plan')?.answer as readonly PlannedFleet[] | undefined;
      if (plan === undefined) return;
      const first = plan[0];
      expect(plan.map(({ from }) => from)).toEqual([...plan.map(({ from }) => from)].sort((a, b) => a - b));
      expect(first?.from).toBe(0);
      const actions = run.calls.find(({ method }) => method === 'open')?.answer as readonly Action[];
      expect(new Map(actions.flatMap((action) => (action.kind === 'scale' ? [[action.app, action.pods]] : [])))).toEqual(first?.exclusive);
      expect(
        new Map(
          actions.flatMap((action) => (action.kind === 'reserve' ? [[action.group, { slots: action.slots, holder: action.holder }]] : [])),
        ),
      ).toEqual(first?.slots);
      for (const { exclusive, slots } of plan)
        for (const pods of [...exclusive.values(), ...[...slots.values()].map((fleet) => fleet.slots)])
          expect(Number.isInteger(pods) && pods >= 0).toBe(true);
    });

    it(needs ? 'says clearly that it cannot work with one app and no groups' : 'works with one app and no groups', () => {
      if (needs) {
        const error = thrownBy(() => watched(staged(loneWorld, entry, alone), entry));
        expect(error).toBeInstanceOf(InputError);
        expect((error as InputError).message).toMatch(needs);
        return;
      }
      const { result } = watched(staged(loneWorld, entry, alone), entry);
      expect(result.checks.filter(({ held }) => !held)).toEqual([]);
      expect(result.summary.find(({ app }) => app === 'site')).toMatchObject({ offered: 120_000 }); // 200/s for 10 minutes
    });
  });
}

type Method = 'plan' | 'open' | 'decide';

/** One call of the strategy: what it saw, what it looked like before, and what it answered. */
interface Call {
  readonly method: Method;
  readonly view: View;
  readonly before: string;
  readonly answer: unknown;
}

/** Runs the scenario's only strategy and writes down every call. */
function watched(
  scenario: Scenario,
  entry: StrategyEntry,
): { readonly result: RunResult; readonly calls: readonly Call[]; readonly operations: readonly Row[] } {
  const calls: Call[] = [];
  const operations: Row[] = [];
  const noted = <T>(method: Method, view: View, call: () => T): T => {
    const before = looks(view);
    const answer = call();
    calls.push({ method, view, before, answer: structuredClone(answer) });
    return answer;
  };
  const create = (options: unknown, uniform: () => number): Strategy => {
    const made = entry.create(options, uniform);
    return {
      ...(made.period === undefined ? {} : { period: made.period }),
      open: (view) => noted('open', view, () => made.open(view)),
      decide: (view) => noted('decide', view, () => made.decide(view)),
      ...(made.plan ? { plan: (view: View) => noted('plan', view, () => made.plan?.(view) ?? []) } : {}),
    };
  };
  const sink: RowSink = {
    write: (file, row) => {
      if (file === 'operations') operations.push(row);
    },
  };
  const result = simulate({
    scenario,
    label: entry.name,
    replication: 0,
    strategies: [{ ...entry, options: (kit) => entry.options(kit), create }],
    sink,
  });
  return { result, calls, operations };
}

/** A fresh instance with the stream that a run gives it. */
function fresh(scenario: Scenario, entry: StrategyEntry): Strategy {
  return entry.create(scenario.strategies[0]?.options, new Streams(scenario.seed).stream(`strategy/${entry.name}`));
}

function called(strategy: Strategy, method: Method, view: View): unknown {
  return method === 'plan' ? strategy.plan?.(view) : strategy[method](view);
}

/** Everything that a view shows, as text: its fields, who holds the slots, and the forecasts at ten moments. */
function looks(view: View): string {
  const moments = Array.from({ length: 10 }, (_, index) => Math.round((view.horizon * index) / 10) as Time);
  const held = view.groups.map((group) => group.members.map((app) => group.held(app)));
  return JSON.stringify([view, held, view.apps.map(({ forecast }) => moments.map((moment) => forecast?.at(moment)))]);
}

function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
