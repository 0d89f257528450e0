import { BenchError } from './bench-error.ts';
import type { Measured, Measurement, Sample } from './measurement.ts';

/**
 * Takes every measurement once a round, every other round in reverse order, so that what else the machine does meets all alike. Returns of each the best round,
 * with the largest peak of all. The results of one subject must be the same in all of them: otherwise {@link BenchError}.
 */
export function measured(
  measurements: readonly Measurement[],
  rounds: number,
  sample: (measurement: Measurement, round: number) => Sample,
): readonly Measured[] {
  const hashes = new Map<string, { readonly name: string; readonly hash: string }>();
  const best = new Map<Measurement, Sample>();
  for (let round = 0; round < rounds; round++) {
    for (const measurement of round % 2 === 0 ? measurements : measurements.toReversed()) {
      if (round >= (measurement.rounds ?? rounds)) continue;
      const next = sample(measurement, round);
      const { name, subject = name } = measurement;
      const first = hashes.get(subject) ?? { name, hash: next.hash };
      if (first.hash !== next.hash)
        throw new BenchError(
          `not the same result: ${first.name} made ${first.hash}, ${name} in round ${String(round + 1)} made ${next.hash}`,
        );
      hashes.set(subject, first);
      const old = best.get(measurement);
      best.set(measurement, old === undefined ? next : better(measurement, old, next));
    }
  }
  return measurements.flatMap((measurement) => {
    const found = best.get(measurement);
    return found === undefined ? [] : [{ measurement, sample: found }];
  });
}

function better({ best }: Measurement, old: Sample, next: Sample): Sample {
  const cost = (sample: Sample): number => (best === 'wall' ? sample.wallSeconds : sample.cpuSeconds);
  return { ...(cost(next) < cost(old) ? next : old), peakMiB: Math.max(old.peakMiB, next.peakMiB) };
}
