import { describe, expect, it } from 'vitest';
import { decodeScenario } from '../../src/scenario/decode.ts';
import { ScenarioError } from '../../src/scenario/scenario-error.ts';
import { cron } from '../../src/strategies/cron.ts';
import { appName, duration } from '../../src/base/units.ts';
import { appView, at, ordered, sharedWorld, steps, strategyOf, view, wakes } from './support.ts';

const gala = appName('gala');
const entry = (seconds: number, pods?: number, app = gala) => ({ at: at(seconds), app, ...(pods === undefined ? {} : { pods }) });
const options = (plan: readonly object[], more: object = {}) => ({ utilisation: 0.75, plan, ...more });
/** Two zones, 300 requests/s a pod at 75 %: 600/s are 2 pods, 1,800/s 6, 3,000/s 10. The scheduler binds 2 pods a second; 99 % of the cold paths take 70 s. */
const world = (jumps: readonly (readonly [number, number])[]) => view([appView('gala', steps(600, jumps))], []);
const fleets = (given: object, of: ReturnType<typeof world>) =>
  strategyOf(cron, given)
    .plan?.(of)
    .map(({ from, exclusive }) => [from / 1e6, exclusive.get(gala)]);

describe('cron', () => {
  it('orders more pods a lead before their time, the time it takes to bind and start them, and lets pods go at their time', () => {
    // Until 300 s 600/s: 2 pods. From 300 to 500 s 3,000/s: 10; 8 new ones take 8 ÷ 2 + 70 = 74 s: ordered at 226 s. From 500 s on 1,800/s: 6. What comes at a time is the next window's.
    const given = options([entry(300), entry(500)]);
    expect(fleets(given, world([[0, 600], [300, 3000], [500, 1800]]))).toEqual([[0, 2], [226, 10], [300, 10], [500, 6]]); // prettier-ignore
  });

  it('takes the numbers and the lead that are written down', () => {
    const given = options([entry(100, 8), entry(200, 4), entry(300, 12)], { lead: duration(60e6) });
    expect(fleets(given, world([[0, 600]]))).toEqual([[0, 2], [40, 8], [100, 8], [200, 4], [240, 12], [300, 12]]); // prettier-ignore
  });

  it('keeps the larger number where a lead reaches back behind an earlier time', () => {
    // 12 pods for 300 s, ordered at 180 s: the 4 that were to be left from 200 s on never come about.
    const given = options([entry(100, 8), entry(200, 4), entry(300, 12)], { lead: duration(120e6) });
    expect(fleets(given, world([[0, 600]]))).toEqual([[0, 8], [100, 8], [180, 12], [200, 12], [300, 12]]); // prettier-ignore
  });

  it('opens with what is to be there before it could be ordered', () => {
    const given = options([entry(30, 8)]);
    const strategy = strategyOf(cron, given);
    const actions = strategy.open(world([[0, 600]]));
    expect([ordered(actions), wakes(actions)]).toEqual([{ gala: 8 }, [30]]);
  });

  it('orders at each wake-up what has changed, and nothing twice', () => {
    const strategy = strategyOf(cron, options([entry(300, 10), entry(500, 4)], { lead: duration(100e6) }));
    const of = world([[0, 600]]);
    expect([ordered(strategy.open(of)), wakes(strategyOf(cron, options([entry(300, 10)])).open(of))]).toEqual([{ gala: 2 }, [226, 300]]);
    const decided = [100, 200, 250, 300, 500, 510].map((now) => ordered(strategy.decide({ ...of, now: at(now), because: 'wake' })));
    expect(decided).toEqual([{}, { gala: 10 }, {}, {}, { gala: 4 }, {}]);
  });

  it('gives an app without a time its highest forecast all day', () => {
    const of = view([appView('gala', steps(600, [[0, 600]])), appView('site', steps(600, [[0, 600], [400, 1800]]))], []); // prettier-ignore
    expect(ordered(strategyOf(cron, options([entry(300, 10)])).open(of))).toEqual({ gala: 2, site: 6 });
  });

  const problems = (text: string): readonly string[] => {
    try {
      decodeScenario({ file: 's.yaml', text: `${sharedWorld}strategies:\n  cron: ${text}\n` }, { strategies: [cron] });
      return [];
    } catch (error) {
      return (error as ScenarioError).issues.map(({ path, message }) => `${path.slice(2).map(String).join('.')}: ${message}`);
    }
  };
  it.each([
    ['{ plan: [] }', 'plan: expected at least one time'],
    ['{ plan: [{ at: 00:05, app: nobody }] }', 'plan.0.app: there is no app "nobody"; known: gala, sale, site'],
    [
      '{ plan: [{ at: 00:05, app: gala }, { at: 00:06, app: sale }, { at: 00:05, app: gala }] }',
      'plan.2.at: is not later than the time of gala before it',
    ],
    ['{ plan: [{ at: 00:05, app: gala, pods: -1 }] }', 'plan.0.pods: read -1: expected a whole number from 0 to 10000000'],
    ['{ plan: [{ at: 00:50, app: gala }] }', /^plan\.0\.at: .*beyond the horizon/],
  ])('%s is refused', (text, message) => {
    expect(problems(text)).toEqual([typeof message === 'string' ? message : (expect.stringMatching(message) as string)]);
  });
});
