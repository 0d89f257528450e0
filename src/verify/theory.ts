import { exp } from '../base/elementary.ts';
import { Streams } from '../random/streams.ts';
import { erlangC, lateShare } from '../serving/response-law.ts';
import { type Claim, estimated } from './claim.ts';
import type { ClaimGroup, Effort } from './group.ts';
import { type Observed, observe, type Queue } from './queue-bench.ts';

/** What a queue is said to do. */
interface Law {
  /** Kendall's name. */
  readonly name: string;
  readonly queue: Omit<Queue, 'rho'>;
  readonly what: string;
  readonly source: string;
  readonly unit: string;
  readonly of: keyof Observed;
  readonly expected: (rho: number) => number;
  /** How much longer than M/M/1 it takes until the interval is narrow. */
  readonly effort?: (rho: number) => number;
}

const fifo = { discipline: 'fifo', places: Infinity, distribution: 'exponential', cv: 1 } as const;
const sharing = { ...fifo, discipline: 'processor-sharing' } as const;
const services = 'service times';

/** P(k present) of M/M/c/K, by the balance of its birth–death chain. */
function birthDeath(servers: number, most: number, load: number): readonly number[] {
  const weights = [1];
  for (let k = 1; k <= most; k++) weights.push(((weights[k - 1] as number) * load) / Math.min(k, servers));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / all);
}

/** Blocking of `servers` servers without places at offered load `load`. */
const erlangB = (servers: number, load: number): number => birthDeath(servers, servers, load)[servers] as number;
const pollaczekKhinchine = (cv: number) => (rho: number) => (rho * (1 + cv * cv)) / (2 * (1 - rho));
const erlangWait = (servers: number) => (rho: number) => erlangC(servers, servers * rho) / (servers * (1 - rho));

/** P(S + W > x) of M/M/c, in service times: W is 0, or with probability C exponential of rate c(1 − ρ). */
const longShare = (servers: number, x: number) => (rho: number) => {
  const [waits, drain] = [erlangC(servers, servers * rho), servers * (1 - rho)];
  const served = exp(-x);
  return (1 - waits) * served + (waits * (exp(-drain * x) - drain * served)) / (1 - drain);
};
/** Mean wait of those of M/M/1 that do not wait as long as `d`: its density falls as without a limit, and beyond is nobody. */
const shortWait = (d: number) => (rho: number) => {
  const [drain, cut] = [1 - rho, exp(-(1 - rho) * d)];
  return (rho * (1 - cut) * (1 / drain - (d * cut) / (1 - cut))) / (1 - rho * cut);
};

const laws: readonly Law[] = [
  { name: 'M/M/1', queue: { ...fifo, servers: 1 }, what: 'mean sojourn', source: '1/(1 − ρ)', unit: services, of: 'sojourn', expected: (rho) => 1 / (1 - rho) },
  { name: 'M/M/4', queue: { ...fifo, servers: 4 }, what: 'mean wait', source: 'Erlang C/(4(1 − ρ))', unit: services, of: 'wait', expected: erlangWait(4), effort: (rho) => (rho < 0.5 ? 8 : 2) },
  { name: 'M/M/4', queue: { ...fifo, servers: 4 }, what: 'share that waits', source: 'Erlang C', unit: 'ratio', of: 'delayed', expected: (rho) => erlangC(4, 4 * rho) },
  { name: 'M/M/4', queue: { ...fifo, servers: 4, long: 5 }, what: 'share that takes 5 service times', source: 'P(S + W > 5), W exponential with probability Erlang C', unit: 'ratio', of: 'long', expected: longShare(4, 5), effort: (rho) => (rho < 0.8 ? 10 : 3) },
  { name: 'M/M/1+D', queue: { ...fifo, servers: 1, patience: 2 }, what: 'share that gives up after 2 service times', source: 'ρ(1 − ρ)e^(−2(1 − ρ))/(1 − ρ²e^(−2(1 − ρ))) (Barrer 1957)', unit: 'ratio', of: 'late', expected: (rho) => lateShare(1, 1, rho, 1, 2), effort: (rho) => (rho < 0.5 ? 3 : 1) },
  { name: 'M/M/1+D', queue: { ...fifo, servers: 1, patience: 2 }, what: 'mean wait of those served', source: 'the wait’s density without a limit, cut off at it (Barrer 1957)', unit: services, of: 'wait', expected: shortWait(2) },
  { name: 'M/M/4+D', queue: { ...fifo, servers: 4, patience: 0.5 }, what: 'share that gives up after 0.5 service times', source: 'C(1 − ρ)e^(−2(1 − ρ))/(1 − ρCe^(−2(1 − ρ))), C Erlang’s (Gnedenko and Kovalenko 1968)', unit: 'ratio', of: 'late', expected: (rho) => lateShare(4, 4, rho, 1, 0.5), effort: (rho) => (rho < 0.5 ? 15 : 1) },
  { name: 'M/M/4/5', queue: { ...fifo, servers: 4, places: 1 }, what: 'share refused', source: 'balance of the birth–death chain', unit: 'ratio', of: 'refused', expected: (rho) => birthDeath(4, 5, 4 * rho)[5] as number, effort: (rho) => (rho < 0.5 ? 12 : 2) },
  { name: 'M/M/4/5', queue: { ...fifo, servers: 4, places: 1 }, what: 'mean sojourn', source: 'birth–death chain and Little’s law', unit: services, of: 'sojourn', expected: (rho) => {
    const present = birthDeath(4, 5, 4 * rho);
    return present.reduce((sum, p, k) => sum + k * p, 0) / (4 * rho * (1 - (present[5] as number)));
  } },
  { name: 'M/M/4/4', queue: { ...fifo, servers: 4, places: 0 }, what: 'share refused', source: 'Erlang B', unit: 'ratio', of: 'refused', expected: (rho) => erlangB(4, 4 * rho), effort: (rho) => (rho < 0.5 ? 6 : 1) },
  { name: 'M/D/4/4', queue: { ...fifo, servers: 4, places: 0, distribution: 'deterministic', cv: 0 }, what: 'share refused', source: 'Erlang B, which knows the mean only (Sevastyanov 1957)', unit: 'ratio', of: 'refused', expected: (rho) => erlangB(4, 4 * rho), effort: (rho) => (rho < 0.5 ? 6 : 1) },
  { name: 'M/H₂/4/4, cv 3', queue: { ...fifo, servers: 4, places: 0, distribution: 'hyper-exponential', cv: 3 }, what: 'share refused', source: 'Erlang B, which knows the mean only (Sevastyanov 1957)', unit: 'ratio', of: 'refused', expected: (rho) => erlangB(4, 4 * rho), effort: (rho) => (rho < 0.5 ? 6 : 1) },
  { name: 'M/D/1', queue: { ...fifo, servers: 1, distribution: 'deterministic', cv: 0 }, what: 'mean wait', source: 'ρ/(2(1 − ρ))', unit: services, of: 'wait', expected: pollaczekKhinchine(0) },
  { name: 'M/LN/1, cv 0.5', queue: { ...fifo, servers: 1, distribution: 'log-normal', cv: 0.5 }, what: 'mean wait', source: 'Pollaczek–Khinchine', unit: services, of: 'wait', expected: pollaczekKhinchine(0.5) },
  { name: 'M/H₂/1, cv 2', queue: { ...fifo, servers: 1, distribution: 'hyper-exponential', cv: 2 }, what: 'mean wait', source: 'Pollaczek–Khinchine', unit: services, of: 'wait', expected: pollaczekKhinchine(2), effort: () => 4 },
  { name: 'M/D/1-PS', queue: { ...sharing, servers: 1, distribution: 'deterministic', cv: 0 }, what: 'mean sojourn', source: '1/(1 − ρ), whatever the service times (Kleinrock 1976)', unit: services, of: 'sojourn', expected: (rho) => 1 / (1 - rho) },
  { name: 'M/H₂/1-PS, cv 2', queue: { ...sharing, servers: 1, distribution: 'hyper-exponential', cv: 2 }, what: 'mean sojourn', source: '1/(1 − ρ), whatever the service times (Kleinrock 1976)', unit: services, of: 'sojourn', expected: (rho) => 1 / (1 - rho), effort: () => 3 },
  { name: 'M/LN/4-PS, cv 1.5', queue: { ...sharing, servers: 4, distribution: 'log-normal', cv: 1.5 }, what: 'mean sojourn', source: 'that of M/M/4, whatever the service times (Cohen 1979)', unit: services, of: 'sojourn', expected: (rho) => 1 + erlangWait(4)(rho), effort: (rho) => (rho > 0.8 ? 3 : 1) },
  { name: 'M/D/4-PS', queue: { ...sharing, servers: 4, distribution: 'deterministic', cv: 0 }, what: 'mean sojourn', source: 'that of M/M/4, whatever the service times (Cohen 1979)', unit: services, of: 'sojourn', expected: (rho) => 1 + erlangWait(4)(rho) },
]; // prettier-ignore

/** Requests per replication at ρ, for an interval of about 1 % half-width; at high load a queue remembers for about 1/(1 − ρ)² service times. */
const requests: Readonly<Record<number, number>> = { 0.3: 200_000, 0.7: 300_000, 0.9: 1_200_000 };

export const theory: ClaimGroup = {
  name: 'theory',
  title: 'Single requests at one pod against queueing theory',
  *claims({ quick, seed }: Effort): Iterable<Claim> {
    const streams = new Streams(seed);
    for (const law of laws)
      for (const rho of [0.3, 0.7, 0.9]) {
        const warmUp = Math.round(20 / ((1 - rho) * (1 - rho)));
        const each = Math.round(((requests[rho] as number) * (law.effort?.(rho) ?? 1)) / (quick ? 40 : 1)) + warmUp;
        const name = `${law.name} at ρ = ${String(rho)}: ${law.what}`;
        const samples = Array.from(
          { length: quick ? 10 : 20 },
          (_, n) => observe({ ...law.queue, rho }, each, warmUp, streams, `${name}/${String(n)}`)[law.of],
        );
        yield estimated({ name, source: law.source, unit: law.unit }, law.expected(rho), samples, { widest: quick ? 0.25 : 0.02 });
      }
  },
};
