import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CaseRecord, measure } from '../src/experiments/regress/measure.ts';
import { type Moved, regressionOf } from '../src/experiments/regress/regress.ts';
import { loadCases, readSuite, type Suite } from '../src/experiments/regress/suite.ts';
import { summaryMetrics } from '../src/experiments/metric.ts';
import { strategies } from '../src/strategies/registry.ts';

const serviceTime = 200;
const replications = 20;
/** Largest change of a mean that counts as none. */
const margin = '1%';
export const slower = 1.05;
/** First seeds: of versions that are the same, of versions of which one serves longer. */
export const seeds = { nothing: 80_000_000, longer: 70_000_000 } as const;

/** A version of fenshi: how long it serves, and the seeds that it draws. */
interface Version {
  readonly name: string;
  /** ms. */
  readonly service: number;
  readonly seed: number;
}

const versionOf = (service: number, seed: number): Version => ({ name: `seed-${String(seed)}-service-${String(service)}`, service, seed });

export interface RegressErrors {
  /** Verdicts of a study that are not `identical`, on average. */
  readonly judged: number;
  /** Studies of two disjoint sets of seeds that fail, and those in which anything is better, worse, higher or lower. */
  readonly failed: number;
  readonly said: number;
  /** Studies of pairs of which the second serves longer, in which a metric is worse. */
  readonly worse: Readonly<Record<(typeof looked)[number], number>>;
}

export const looked = ['response_p99_ms', 'used_core_mean'] as const;

/** How often `regress` itself, on every column of summary.csv, is alarmed by nothing and sees service times that are longer; so many studies of each. */
export async function regressErrors(ofNothing: number, ofLonger: number): Promise<RegressErrors> {
  const folder = mkdtempSync(join(tmpdir(), 'fenshi-statistics-'));
  try {
    const nothing = Array.from({ length: ofNothing }, (_, study) =>
      [0, 1].map((half) => versionOf(serviceTime, seeds.nothing + (2 * study + half) * replications)),
    );
    const longer = Array.from({ length: ofLonger }, (_, study) =>
      [serviceTime, serviceTime * slower].map((service) => versionOf(service, seeds.longer + study * replications)),
    );
    const suite = suiteOf(join(folder, 'suite.yaml'), [
      ...nothing.flat().map((version) => ({ ...version, strategies: ['fixed', 'time-share'] })),
      ...longer.flat().map((version) => ({ ...version, strategies: ['fixed'] })),
    ]);
    const measured = await measure(loadCases(suite, { strategies }), { onProgress: progress() });
    const records = new Map(measured?.cases.map((each) => [each.name, each]));
    const compared = ([before, now]: readonly Version[]) => {
      const is = records.get(now?.name as string) as CaseRecord;
      // The same scenario: it is fenshi that serves longer, or draws otherwise.
      const was = { ...(records.get(before?.name as string) as CaseRecord), name: is.name, resolvedSha256: is.resolvedSha256 };
      const { verdict, cases } = regressionOf(suite, new Map(), { cases: [is], broken: [] }, { folder, version: '', cases: [was] });
      return { verdict, moved: cases.flatMap((each) => each.strategies).flatMap(({ metrics }) => metrics) };
    };
    const [same, slow] = [nothing.map(compared), longer.map(compared)];
    const worse = (metric: string): number =>
      slow.filter(({ moved }) => moved.some((each) => each.metric === metric && each.judgement.said === 'worse')).length;
    return {
      judged: same.flatMap(({ moved }) => moved.filter(({ judgement }) => judgement.said !== 'identical')).length / ofNothing,
      failed: same.filter(({ verdict }) => verdict === 'failed').length,
      said: same.filter(({ moved }) => moved.some(isPlaced)).length,
      worse: { response_p99_ms: worse('response_p99_ms'), used_core_mean: worse('used_core_mean') },
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const isPlaced = ({ judgement: { said } }: Moved): boolean => ['better', 'worse', 'higher', 'lower'].includes(said);

function suiteOf(file: string, versions: readonly (Version & { readonly strategies: readonly string[] })[]): Suite {
  const scenario = fileURLToPath(new URL('regress-errors.yaml', import.meta.url));
  const scenarios = versions.map(({ name, service, seed, strategies: uses }) => ({
    scenario,
    name,
    strategies: uses,
    set: [`seed=${String(seed)}`, `defaults.service.time=${String(service)}ms`],
  }));
  const metrics = Object.fromEntries(summaryMetrics.map((metric) => [metric, margin]));
  // JSON is YAML.
  writeFileSync(file, JSON.stringify({ replications, behaviour: 'any', metrics, scenarios }));
  return readSuite(file);
}

/** Tells every thousandth run. */
function progress(): (reached: { readonly done: number; readonly of: number }) => void {
  let told = 0;
  return ({ done, of }) => {
    if (done < told + 1000) return;
    told = done;
    process.stderr.write(`${String(done)} of ${String(of)} runs\n`);
  };
}
