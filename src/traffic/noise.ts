import { z } from 'zod';
import { exp } from '../base/elementary.ts';
import { plainNumber, positiveSpan, share } from '../base/quantity.ts';
import type { Uniform } from '../random/streams.ts';
import { normalQuantile } from '../random/variates.ts';
import { type Steps, stepCount, timesSteps } from './algebra.ts';
import type { Curve } from './curve.ts';
import type { Time } from '../base/units.ts';

/** Finer noise would be nothing but events. */
const shortestInterval = 100_000;

/** Schema of a factor that wanders about 1, `interval` by `interval`. */
const wandering = (interval: string, correlation: number) =>
  z.strictObject({
    sigma: share().prefault('0%').describe('standard deviation of the logarithm of the factor; 0% is none (off)'),
    interval: positiveSpan()
      .refine((value) => value >= shortestInterval, { error: 'must be at least 100ms' })
      .prefault(interval)
      .describe('how long a factor holds (assumption)'),
    correlation: plainNumber(0, 1)
      .default(correlation)
      .describe('of the logarithms of neighbouring factors: 0 independent, 1 the same for the whole run (assumption)'),
  });

/** `{ sigma: 4%, interval: 10s, correlation: 0.8 }`: without `sigma` there is no noise. */
export const noiseSchema = wandering('10s', 0.8);
export type NoiseSpec = z.output<typeof noiseSchema>;

/** The same law, by default an hour at a time: how a forecast errs in shape. */
export const slowNoiseSchema = wandering('1h', 0.5);

/**
 * The curve times noise of mean 1: what the simulation plays. Without noise the curve itself; else every interval that begins before the end
 * draws one number, read or not, so that what is drawn depends on `noise` and the horizon alone.
 */
export function realise(curve: Curve, noise: NoiseSpec, uniform: Uniform): Curve {
  return noise.sigma === 0 ? curve : timesSteps(curve, noiseSteps(noise, curve.end, uniform));
}

/**
 * Factors exp(x_k − σ²/2) for k = 0, 1, … counted from time 0, where x_0 = σ·z_0 and x_k = r·x_(k−1) + σ·√(1 − r²)·z_k: stationary, log-normal, of mean 1,
 * with correlation r^j between x_k and x_(k+j).
 */
export function noiseSteps({ sigma, interval, correlation }: NoiseSpec, end: Time, uniform: Uniform): Steps {
  const factors = new Float64Array(stepCount(interval, end));
  const innovation = Math.sqrt(1 - correlation * correlation);
  let x = 0;
  for (let k = 0; k < factors.length; k++) {
    const z = sigma * normalQuantile(uniform());
    x = k === 0 ? z : correlation * x + innovation * z;
    factors[k] = exp(x - (sigma * sigma) / 2);
  }
  return { interval, factors };
}
