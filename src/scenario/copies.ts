import { z } from 'zod';
import { exp, log } from '../base/elementary.ts';
import { count, plainNumber, span } from '../base/quantity.ts';
import type { Duration } from '../base/units.ts';
import { Streams } from '../random/streams.ts';

/** Most apps of a scenario, copies counted (assumption; Ant put a hundred core apps on its mesh in 2019, big-exam article). */
export const mostApps = 1000;

/** What an entry of `apps` says that stands for a fleet of identical apps, a *family*. */
export const copiesSchema = z
  .strictObject({
    count: count(1, mostApps).describe('apps that the entry stands for, each like the others: pay-1, pay-2, … of pay'),
    scale: z
      .enum(['equal', 'zipf'])
      .default('equal')
      .describe(
        'how they divide the traffic, which is that of all copies together; equal: evenly; zipf: the k-th gets 1/k^exponent of what the first gets (a choice of fenshi)',
      ),
    exponent: plainNumber(0, 4).optional().describe('of zipf; left out: 1, half as much for the second as for the first'),
    shift: span()
      .prefault('0s')
      .describe(
        'largest time by which the traffic of a copy is earlier or later; drawn for each by its name, and the same in every run (none)',
      ),
  })
  .refine(({ scale, exponent }) => scale === 'zipf' || exponent === undefined, {
    path: ['exponent'],
    error: 'belongs to scale: zipf; equal copies have none',
  });
export type Copies = z.output<typeof copiesSchema>;

/** Apps or groups that one entry stands for. */
export interface Family {
  readonly names: readonly string[];
  /** What each of them has of the whole; they add up to 1. */
  readonly shares: readonly number[];
}

/** By the names of the entries that stand for them. */
export interface Families {
  readonly app: ReadonlyMap<string, Family>;
  readonly group: ReadonlyMap<string, Family>;
}

/** Not padded with zeros: a copy keeps its name, and so its random streams, whatever the count. */
export const namesOfCopies = (name: string, { count: copies }: Pick<Copies, 'count'>): readonly string[] =>
  Array.from({ length: copies }, (_, index) => `${name}-${String(index + 1)}`);

/** Shares of the copies, the first one's first: k^−exponent ÷ (1 + 2^−exponent + … + n^−exponent), all the same for exponent 0. */
export function sharesOf({ count: copies, scale, exponent = 1 }: Pick<Copies, 'count' | 'scale' | 'exponent'>): readonly number[] {
  const power = scale === 'equal' ? 0 : exponent;
  const weights = Array.from({ length: copies }, (_, index) => exp(-power * log(index + 1)));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / all);
}

/** By how much the traffic of the copy is later, µs: uniform in ±`shift`. No run's seed is in it: it describes the world, as the curve does. */
export function shiftOf(copy: string, { shift }: Pick<Copies, 'shift'>): Duration {
  return Math.round((2 * new Streams(0).once(`copies/${copy}/shift`) - 1) * shift) as Duration;
}

/** `total` in whole parts by the shares: rounded down, and what is left goes to the largest remainders (Hamilton's method), the first of equals. */
export function divided(total: number, shares: readonly number[]): readonly number[] {
  const parts = shares.map((share) => Math.floor(share * total));
  const left = total - parts.reduce((sum, part) => sum + part, 0);
  const remainders = shares.map((share, index) => ({ index, rest: share * total - (parts[index] ?? 0) }));
  const next = new Set(
    remainders
      .sort((a, b) => b.rest - a.rest || a.index - b.index)
      .slice(0, left)
      .map(({ index }) => index),
  );
  return parts.map((part, index) => part + (next.has(index) ? 1 : 0));
}
