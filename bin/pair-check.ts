/**
 * What `fenshi pair` is worth on profiles that nobody made for it: 40 apps, half of them recordings shifted and scaled at random (seeded), half festival shapes at hours drawn at
 * random. Of subsets of 14 apps: how far local search is from the optimum; of all 40: whether the promised saving is what a simulation saves. A few minutes.
 *
 *     npm run pair-check -- RECORDING.csv[,RECORDING.csv …]        (columns timestamp and value, in steps of equal length)
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { duration } from '../src/base/units.ts';
import { pair, type PairOptions } from '../src/experiments/pairing/pair.ts';
import { Streams } from '../src/random/streams.ts';
import { readScenario } from '../src/scenario/read.ts';
import { simulate } from '../src/simulation/simulate.ts';
import { strategies } from '../src/strategies/registry.ts';

const recordings = (process.argv[2] ?? '').split(',').filter((file) => file !== '');
if (recordings.length === 0) throw new Error('name recordings: CSV files with the columns timestamp and value');
const uniform = new Streams(2019).stream('profiles');
const between = (low: number, high: number): number => low + (high - low) * uniform();
const [count, subset, subsets] = [40, 14, 5];
const shapes = ['double11-payments', 'pre-heat-evening', 'morning-forest'];

/** A day of a recording, begun anywhere in it. */
const recorded = (file: string): unknown => {
  const rows = readFileSync(file, 'utf8').trim().split('\n').slice(1);
  const [from] = (rows[Math.floor(between(0, rows.length - 300))] ?? '').split(',');
  return { trace: { file: resolve(file), unit: 'per-second', gaps: 'hold', from, scale: between(20, 80) } };
};
const festival = (): unknown => {
  const shape = shapes[Math.floor(between(0, shapes.length))];
  const peak = `${String(Math.round(between(5000, 60_000)))}/s`;
  return {
    shift: {
      [uniform() < 0.5 ? 'earlier' : 'later']: `${String(Math.floor(between(0, 9)))}h`,
      of: { festival: { shape, at: '+1d 00:00', peak } },
    },
  };
};
const apps = Object.fromEntries(
  Array.from({ length: count }, (_, i) => [
    `app-${String(i)}`,
    { traffic: i % 2 === 0 ? recorded(recordings[(i / 2) % recordings.length] as string) : festival() },
  ]),
);
const scenarioOf = (names: readonly string[]): string =>
  JSON.stringify({
    name: 'profiles',
    start: '2019-11-10T12:00:00+08:00',
    horizon: '24h',
    cluster: { nodes: 2000, node: { cpu: 64, memory: '256Gi' } },
    defaults: { service: { time: '18ms', timeout: '1s' } },
    apps: Object.fromEntries(names.map((name) => [name, apps[name]])),
    strategies: { 'static-peak': {} },
    results: { detail: 'none' },
  });

const folder = mkdtempSync(join(tmpdir(), 'fenshi-pairs-'));
const read = (names: readonly string[]) => {
  const file = join(folder, 'profiles.yaml');
  writeFileSync(file, scenarioOf(names));
  return (set: readonly string[]) => readScenario(file, { set, catalog: { strategies } });
};
const options = (size: number): PairOptions => ({ method: 'local-search', size, apart: [], utilisation: 0.75, interval: duration(300e6) });
const percent = (ratio: number): string => `${(100 * ratio).toFixed(2)} %`;
try {
  const names = Object.keys(apps);
  for (const size of [2, 3])
    for (let n = 0; n < subsets; n++) {
      const some = [...names].sort(() => uniform() - 0.5).slice(0, subset);
      const { pairing, others } = pair(read(some), strategies, options(size));
      const best = others.find(({ method }) => method === 'optimal');
      process.stdout.write(`${String(subset)} apps, groups of ${String(size)}: local-search ${pairing.shared.toFixed(0)} cores, optimal ${best?.shared.toFixed(0) ?? ''}: ${percent(pairing.shared / (best?.shared ?? NaN) - 1)} more\n`);
    }
  for (const size of [2, 3]) {
    const given = read(names);
    const { set, promised, pairing } = pair(given, strategies, options(size));
    const scenario = given(set);
    const cores = (label: string): number => Number(simulate({ scenario, label, replication: 0, strategies }).summary.at(-1)?.['reserved_core_max']);
    const [apart, shared] = [cores('static-peak'), cores('time-share-predictive')];
    process.stdout.write(`${String(count)} apps, groups of ${String(size)} (${String(pairing.groups.filter((group) => group.apps.length > 1).length)}): promised ${percent(1 - (promised?.cores ?? NaN) / (promised?.apart ?? NaN))} less than ${String(promised?.apart)} cores, simulated ${percent(1 - shared / apart)} less than ${String(apart)}\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
} // prettier-ignore
