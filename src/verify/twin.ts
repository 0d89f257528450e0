import { Streams } from '../random/streams.ts';
import { confidenceInterval } from '../stats/interval.ts';
import { type Claim, claimLevel, reported } from './claim.ts';
import type { ClaimGroup, Effort } from './group.ts';
import { byFluid, byRequests, type Outcome } from './twin-bench.ts';
import { situations } from './twin-situations.ts';

const columns: readonly (readonly [keyof Outcome, string, string, number])[] = [
  ['present', 'requests present', 'requests', 1],
  ['served', 'served', '% of attempts', 100],
  ['rejected', 'rejected', '% of attempts', 100],
  ['timedOut', 'timed out', '% of attempts', 100],
  ['p50', 'response p50', 'ms', 1000],
  ['p99', 'response p99', 'ms', 1000],
];

/** Where the fluid is wrong, and by how much: expected is what single requests do, measured is what the fluid says of it. */
export const twin: ClaimGroup = {
  name: 'twin',
  title: 'The fluid against single requests: 40 pods of 4 cores, 16 ms of CPU a request, time-out 1 s (its error, not judged)',
  *claims({ quick, seed }: Effort): Iterable<Claim> {
    const streams = new Streams(seed);
    const replications = quick ? 1 : 10;
    for (const situation of situations) {
      const flow = byFluid(situation);
      const requests = Array.from({ length: replications }, (_, n) => byRequests(situation, streams, n));
      for (const [key, what, unit, scale] of columns) {
        const { mean, halfWidth } = confidenceInterval(
          requests.map((outcome) => outcome[key] * scale),
          claimLevel,
        );
        const about = { name: `${situation.name}: ${what}`, source: 'mean of single requests', unit };
        yield reported(about, mean, flow[key] * scale, replications, halfWidth);
      }
    }
  },
};
