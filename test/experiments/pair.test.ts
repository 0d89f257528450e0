import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/base/errors.ts';
import { fromSeconds } from '../../src/base/units.ts';
import { pair, type PairOptions } from '../../src/experiments/pairing/pair.ts';
import { pairRows } from '../../src/experiments/pairing/write-pair.ts';
import { pairText } from '../../src/report/pair-text.ts';
import { readScenario } from '../../src/scenario/read.ts';
import { simulate } from '../../src/simulation/simulate.ts';
import { strategies } from '../../src/strategies/registry.ts';

/** Six apps that peak in turn, on pods of 4 cores kept alive on 1, two zones. 10 ms a request: at 75 % a pod serves 300/s. */
const apps = Object.fromEntries(
  [['dawn', 0], ['noon', 2], ['dusk', 4]].flatMap(([name, hour]) =>
    [1, 2].map((size) => [`${String(name)}-${String(size)}`, { traffic: { piecewise: [{ at: '00:00', rate: '300/s' }, { at: `0${String(hour)}:10`, rate: '300/s' }, { at: `0${String(hour)}:30`, rate: `${String(2400 * size)}/s` }, { at: `0${String(Number(hour) + 1)}:00`, rate: `${String(2400 * size)}/s` }, { at: `0${String(Number(hour) + 1)}:20`, rate: '300/s' }] } }]),
  ),
); // prettier-ignore
const given = [
  'horizon=6h',
  'groups={}',
  `apps=${JSON.stringify(apps)}`,
  'strategies={ static-peak: {} }',
  'results.detail=none',
  'cluster.nodes=40',
  'prices.basis=owned',
];
const read = (more: readonly string[]) => readScenario('scenarios/tiny.yaml', { set: [...given, ...more], catalog: { strategies } });
const options = (more: Partial<PairOptions> = {}): PairOptions => ({
  method: 'local-search',
  size: 2,
  apart: [],
  utilisation: 0.75,
  interval: fromSeconds(300),
  ...more,
});
const pairing = (more: Partial<PairOptions> = {}, set: readonly string[] = []) =>
  pair((also) => read([...set, ...also]), strategies, options(more));
const groups = (result: ReturnType<typeof pairing>) =>
  result.pairing.groups.filter(({ apps: members }) => members.length > 1).map(({ apps: members }) => members.join('+'));

describe('pairing a scenario', () => {
  it('promises what the simulation then reserves, and what static-peak does', { timeout: 120_000 }, () => {
    const result = pairing();
    expect(groups(result)).toHaveLength(3);
    const scenario = read(result.set);
    const cores = (label: string) => simulate({ scenario, label, replication: 0, strategies }).summary.at(-1)?.['reserved_core_max'];
    expect(result.promised?.apart).toBe(cores('static-peak'));
    expect(result.promised?.cores).toBe(cores('time-share-predictive'));
    expect(1 - result.promised!.cores / result.promised!.apart).toBeGreaterThan(0.25);
    expect(result.promised!.fleets.reduce((sum, fleet) => sum + fleet.cores, 0)).toBe(result.promised?.cores);
  });

  // 2400/s take 8 pods, 4800/s 16, 300/s 2 (one in each zone).
  it('tells the profile of each app', () => {
    const { profiles } = pairing();
    const dawn = profiles.find(({ app }) => app === 'dawn-2')!.pieces;
    expect(dawn).toHaveLength(72);
    expect(dawn[0]).toEqual({ from: 0, to: 300e6, mean: 300, max: 300, pods: 2, load: 3 });
    expect(dawn[8]).toMatchObject({ mean: 4800, max: 4800, pods: 16, load: 48 });
    expect(dawn[2]).toMatchObject({ mean: 862.5, max: 1425, pods: 6 });
  });

  it('joins three and four where they peak in turn, keeps apart what is to be, and tells what other methods find', () => {
    const three = pairing({ size: 3 });
    expect(groups(three)).toHaveLength(2);
    expect(three.pairing.shared).toBeLessThan(pairing().pairing.shared);
    expect(three.others.map(({ method }) => method)).toEqual(['complementary', 'correlation', 'optimal']);
    const [best] = three.others.slice(-1);
    expect(three.pairing.shared).toBeLessThanOrEqual(1.02 * best!.shared);
    const apart = pairing({ apart: [['dawn-1', 'dawn-2', 'noon-1', 'noon-2', 'dusk-1']] });
    for (const group of groups(apart)) expect(group).toContain('dusk-2');
  });

  it('reckons the groups that are given, whatever their size', () => {
    const set = ['groups={ all: { apps: [dawn-1, noon-1, dusk-1] } }'];
    const result = pairing({ method: 'given' }, set);
    expect(groups(result)).toEqual(['dawn-1+noon-1+dusk-1']);
    expect(result.set).toEqual(['strategies={ static-peak: { utilisation: 75% }, time-share-predictive: { utilisation: 75% } }']);
    expect(pairRows(result)[0]).toMatchObject({ group: 'all', apps: 'dawn-1 noon-1 dusk-1', slots: result.promised?.fleets[0]?.slots });
    expect(pairing({}, set).others.map(({ method }) => method)).toEqual(['given', 'complementary', 'correlation', 'optimal']);
  });

  it('says where nothing is to be shared', () => {
    const flat = ['apps={ a: { traffic: { constant: 900/s } }, b: { traffic: { constant: 900/s } } }'];
    const result = pairing({}, flat);
    expect(result).toMatchObject({ set: [], promised: undefined });
    expect(pairText(result)).toContain('no two of the 2 apps save cores by sharing slots.');
  });

  it('does not join what no node could hold together', () => {
    expect(groups(pairing({}, ['cluster.node.cpu=4', 'cluster.nodes=200']))).toEqual([]);
  });

  it('asks for what it needs', () => {
    const refused = (more: Partial<PairOptions>, message: string, set: readonly string[] = []) => {
      expect(() => pairing(more, set)).toThrow(InputError);
      expect(() => pairing(more, set)).toThrow(message);
    };
    refused({ apart: [['down-1', 'noon-1']] }, '--apart: there is no app "down-1"; did you mean "dawn-1"?');
    refused({ method: 'given' }, '--method given: tiny has no groups');
    refused({ method: 'given', apart: [['dawn-1', 'noon-1']] }, '--method given: group all (dawn-1, noon-1) has apps that --apart keeps apart', ['groups={ all: { apps: [dawn-1, noon-1] } }']);
    refused({ interval: fromSeconds(7 * 3600) }, '--interval: the scenario is shorter: 21600 s');
    const many = Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`a${String(i)}`, { traffic: { constant: '9/s' } }]));
    refused({ method: 'optimal' }, '--method optimal looks at every division of at most 16 apps, and there are 17: take local-search', [`apps=${JSON.stringify(many)}`]);
  });
}); // prettier-ignore
