import { z } from 'zod';
import type { Calendar } from '../base/wall-clock.ts';
import type { Uniform } from '../random/streams.ts';
import { sum } from './algebra.ts';
import { buildCurve } from './build.ts';
import type { Curve } from './curve.ts';
import { deviate, deviationFields } from './deviation.ts';
import type { TrafficSpec } from './spec.ts';

/** What comes otherwise than the curve says, and no forecast knows of; `traffic` is the schema of a block. */
export const surpriseSchema = (traffic: z.ZodType<TrafficSpec>) =>
  z.strictObject({
    ...deviationFields({
      factor: 'what comes ÷ curve in the median: 145% is a peak 45 % higher',
      later: 'everything comes this much later',
      earlier: 'everything comes this much earlier',
    }),
    wave: traffic.optional().describe('further traffic on top, at its own level and time, such as a second wave'),
  });
export type SurpriseSpec = z.output<ReturnType<typeof surpriseSchema>>;

/** What really comes of a curve, before its noise: the curve at another level and time, drawn from `uniform`, and the wave on top. Without a surprise the curve itself. */
export function surprise(curve: Curve, { wave, ...deviation }: SurpriseSpec, calendar: Calendar, uniform: Uniform): Curve {
  const deviant = deviate(curve, deviation, uniform);
  return wave === undefined ? deviant : sum([deviant, buildCurve(wave, calendar)]);
}
