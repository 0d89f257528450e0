import { confidenceLevel } from '../stats/interval.ts';
import { fewestForVerdict, type Place, placeAll, type Verdict } from '../stats/verdict.ts';

/** Which way is good; undefined where neither is. */
export type Better = 'higher' | 'lower' | undefined;

/** Differences of one metric, replication by replication, and what they are judged by. */
export interface Paired {
  readonly replications: readonly number[];
  readonly differences: readonly number[];
  /** Largest difference of means that counts as equivalent, in the metric's unit. */
  readonly margin: number;
  readonly better: Better;
  /** What no difference counts beside: the size of what is compared; 0 where every bit counts. */
  readonly scale: number;
}

/** `higher`, `lower`: of a metric of which neither is better. */
export type Said = 'better' | 'worse' | 'higher' | 'lower' | 'equivalent' | 'identical' | 'inconclusive';

/** A verdict on one strategy and metric, as one of the family of all that are judged. */
export interface Judgement {
  readonly said: Said;
  /** Largest difference of means that counts as equivalent, in the metric's unit. */
  readonly margin: number;
  /** Undefined where nothing was tested: all differences are 0, or there are too few of them. */
  readonly test: Verdict | undefined;
  /** The replication whose difference lies too far out for t. */
  readonly outlier: number | undefined;
}

/** What differs by no more than this part of the baseline differs by rounding. */
const rounding = 1e-9;

/** Sums that are taken in another order differ by this part of them. */
const lastBits = 1e-12;

/** A margin that is given as a share of the baseline's mean. */
export const marginOf = (share: number, baselineMean = 0): number => Math.max(share, rounding) * Math.abs(baselineMean);

/** Verdicts on differences, which are one family: those that are all 0, but for the last bits of what is compared, are identical and no part of it. */
export function judge<P extends Paired>(pairings: readonly P[]): ReadonlyMap<P, Judgement> {
  const differ = ({ differences, scale }: Paired): boolean => differences.some((difference) => Math.abs(difference) > lastBits * scale);
  const family = pairings.filter((pairing) => differ(pairing) && pairing.differences.length >= fewestForVerdict);
  const verdicts = new Map(placeAll(family, confidenceLevel).map((verdict, i) => [family[i], verdict]));
  return new Map(
    pairings.map((pairing) => {
      const test = verdicts.get(pairing);
      const said = differ(pairing) ? wordOf(test?.place, pairing.better) : 'identical';
      return [
        pairing,
        { said, margin: pairing.margin, test, outlier: test?.outlier === undefined ? undefined : pairing.replications[test.outlier] },
      ];
    }),
  );
}

function wordOf(place: Place | undefined, better: Better): Said {
  if (place === undefined) return 'inconclusive';
  if (place === 'within') return 'equivalent';
  const way = place === 'above' ? 'higher' : 'lower';
  return better === undefined ? way : way === better ? 'better' : 'worse';
}
