import { Streams, type Uniform } from '../random/streams.ts';
import { type Claim, counted, exact } from './claim.ts';
import { FluidBench, rampedPod } from './fluid-bench.ts';
import type { Effort } from './group.ts';

/** A stretch of whole seconds on which λ goes from `rate[0]` to `rate[1]`, requests/s, and C from `factor[0]` to `factor[1]` thousandths of 100 requests/s. */
interface Stretch {
  readonly from: number;
  readonly until: number;
  readonly rate: readonly [number, number];
  readonly factor: readonly [number, number];
}
interface History {
  readonly timeout: number;
  readonly stretches: readonly Stretch[];
}
/** What became of the requests: served, rejected, timed out, waiting at the end. */
type Totals = readonly [number, number, number, number];

function drawn(uniform: Uniform): History {
  const stretches: Stretch[] = [];
  let [at, rate, factor] = [0, 200 * uniform(), Math.floor(1000 * uniform())];
  while (stretches.length < 6) {
    // Half of the stretches begin where the one before ended, half with a jump; a third stay level.
    if (uniform() < 0.5) [rate, factor] = [200 * uniform(), Math.floor(1000 * uniform())];
    const level = uniform() < 1 / 3;
    const until = at + 1 + Math.floor(4 * uniform());
    const [toRate, toFactor] = [200 * uniform(), Math.floor(1000 * uniform())];
    stretches.push({ from: at, until, rate: [rate, level ? rate : toRate], factor: [factor, level ? factor : toFactor] });
    if (!level) [rate, factor] = [toRate, toFactor];
    at = until;
  }
  return { timeout: Math.round(1e6 * (0.2 + 2.8 * uniform())) / 1e6, stretches };
}

/** By fenshi: one pod whose capacity moves. */
function byService({ timeout, stretches }: History): { readonly totals: Totals; readonly offered: number } {
  const bench = new FluidBench({ timeout });
  let before: ReturnType<typeof rampedPod> | undefined;
  let end = 0;
  for (const { from, until, rate, factor } of stretches) {
    const mode = rampedPod(...factor, from, until);
    bench.pod(from, before, mode).rate(from, rate[0], (rate[1] - rate[0]) / (until - from));
    [before, end] = [mode, until];
  }
  const { offered, served, rejected, timedOut, backlogGrowth } = bench.cut(end);
  return { totals: [served, rejected, timedOut, backlogGrowth], offered };
}

/** By Euler's method in steps of `h` seconds, which divide a second: both rates as they are when the step begins. */
function byEuler({ timeout, stretches }: History, h: number): Totals {
  let [served, rejected, timedOut, backlog] = [0, 0, 0, 0];
  for (const { from, until, rate, factor } of stretches) {
    const line = (ends: readonly [number, number], s: number): number => ends[0] + ((ends[1] - ends[0]) * s) / (until - from);
    const capacity = (s: number): number => line(factor, s) / 10;
    const excess = Math.max(0, backlog - capacity(0) * timeout);
    timedOut += excess;
    backlog -= excess;
    for (let i = 0; i < (until - from) / h; i++) {
      const arrived = h * line(rate, i * h);
      const answered = Math.min(backlog + arrived, h * capacity(i * h));
      const over = Math.max(0, backlog + arrived - answered - capacity((i + 1) * h) * timeout);
      const refused = Math.min(over, arrived);
      served += answered;
      rejected += refused;
      timedOut += over - refused;
      backlog += arrived - answered - over;
    }
  }
  return [served, rejected, timedOut, backlog];
}

/** Mean distance of two lists of totals, requests. */
const apart = (a: readonly Totals[], b: readonly Totals[]): number =>
  a.reduce((sum, totals, i) => sum + totals.reduce((part, value, j) => part + Math.abs(value - (b[i] as Totals)[j as 0]), 0), 0) / a.length;

/** The closed form between events against a plain integration in small steps, on drawn histories of piecewise linear λ and C that jump, fall to nothing and recover. */
export function* fluidAgainstEuler({ quick, seed }: Effort): Generator<Claim> {
  const uniform = new Streams(seed).stream('verify/fluid');
  const histories = Array.from({ length: quick ? 32 : 400 }, () => drawn(uniform));
  const cases = histories.length;
  const played = histories.map(byService);
  const closed = played.map(({ totals }) => totals);
  const step = 1 / 64;
  const [coarse, fine] = [step, step / 2].map((h) => histories.map((history) => byEuler(history, h))) as [Totals[], Totals[]];
  const limit = fine.map((totals, i) => totals.map((value, j) => 2 * value - ((coarse[i] as Totals)[j] as number)) as unknown as Totals);
  const scale = played.reduce((sum, { offered }) => sum + offered, 0) / cases;
  yield exact(
    { name: 'Euler’s error is of first order: it halves with the step', source: 'Euler’s method, steps of 1/64 s and 1/128 s; served, rejected, timed out and waiting', unit: 'ratio' },
    { expected: 2, measured: apart(coarse, closed) / apart(fine, closed), relative: 0.05, cases },
  ); // prettier-ignore
  yield exact(
    { name: 'Euler’s limit is the closed form', source: 'Richardson: 2·x(h/2) − x(h); mean distance ÷ mean number of requests', unit: 'ratio' },
    { expected: 0, measured: apart(limit, closed) / scale, absolute: 1e-4, cases },
  ); // prettier-ignore
  const leaks = played.filter(({ totals, offered }) => Math.abs(totals.reduce((sum, part) => sum + part) - offered) > 1e-9 * offered);
  yield counted(
    { name: 'attempts = served + rejected + timed out + backlog', source: 'conservation, to 1e-9 of the attempts' },
    leaks.length,
    cases,
  );
  const reached = [0, 1, 2, 3].filter((j) => closed.filter((totals) => totals[j as 0] > 1).length * 10 < cases);
  yield counted({ name: 'the drawn histories serve, reject, time out and leave a backlog, each in a tenth of them at least', source: 'what these claims are worth' }, reached.length, cases); // prettier-ignore
}
