import { z } from 'zod';
import type { Uniform } from '../random/streams.ts';
import { timesSteps } from './algebra.ts';
import type { Curve } from './curve.ts';
import { deviate, deviationFields } from './deviation.ts';
import { noiseSteps, slowNoiseSchema } from './noise.ts';

/** How a forecast errs: in level, timing and shape. Without any of them it is the curve itself. */
export const forecastSchema = z.strictObject({
  ...deviationFields({
    factor: 'forecast ÷ curve in the median: 80% is a forecast that is a fifth too low',
    later: 'the forecast expects everything this much later than it comes',
    earlier: 'the forecast expects everything this much earlier than it comes',
  }),
  shape: slowNoiseSchema.prefault({}).describe('a factor of mean 1 that wanders slowly'),
});
export type ForecastSpec = z.output<typeof forecastSchema>;

/** What a planner knows beforehand of a curve (without its noise and surprises): the curve with errors of level, timing and shape, drawn from `uniform` in this order. */
export function forecast(curve: Curve, { shape, ...deviation }: ForecastSpec, uniform: Uniform): Curve {
  const deviant = deviate(curve, deviation, uniform);
  return shape.sigma === 0 ? deviant : timesSteps(deviant, noiseSteps(shape, curve.end, uniform));
}
