import { Streams } from '../random/streams.ts';
import { confidenceInterval } from '../stats/interval.ts';
import { agreed, type Claim, claimLevel, reported } from './claim.ts';
import type { ClaimGroup, Effort } from './group.ts';
import { byFluid, byRequests, type Outcome } from './twin-bench.ts';
import { situations } from './twin-situations.ts';

/** The fluid keeps responses on a grid: each is off by so much at most (test/serving/response-grid.test.ts). */
const grid = 0.01;

const columns: readonly (readonly [of: keyof Outcome, what: string, unit: string, scale: number, slack: number])[] = [
  ['present', 'requests present', 'requests', 1, grid],
  ['served', 'served', '% of attempts', 100, 0],
  ['rejected', 'rejected', '% of attempts', 100, 0],
  ['timedOut', 'timed out', '% of attempts', 100, 0],
  ['p50', 'response p50', 'ms', 1000, grid],
  ['p99', 'response p99', 'ms', 1000, grid],
];

/** Where the fluid is wrong, and by how much: expected is what single requests do, measured is what the fluid says of it. */
export const twin: ClaimGroup = {
  name: 'twin',
  title:
    'The fluid against single requests: 40 pods of 4 cores, 16 ms of CPU a request, time-out 1 s, where nothing else is said (judged where it is M/M/k, else its error)',
  *claims({ quick, seed }: Effort): Iterable<Claim> {
    const streams = new Streams(seed);
    for (const situation of situations) {
      const judged = situation.exact === true;
      const replications = quick ? (judged ? 4 : 1) : 10;
      const flow = byFluid(situation);
      const requests = Array.from({ length: replications }, (_, n) => byRequests(situation, streams, n));
      for (const [key, what, unit, scale, slack] of columns) {
        const about = { name: `${situation.name}: ${what}`, source: 'mean of single requests', unit };
        const samples = requests.map((outcome) => outcome[key] * scale);
        if (judged) yield agreed(about, samples, flow[key] * scale, slack);
        else {
          const { mean, halfWidth } = confidenceInterval(samples, claimLevel);
          yield reported(about, mean, flow[key] * scale, replications, halfWidth);
        }
      }
    }
  },
};
