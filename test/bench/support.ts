import type { Measured, Measurement, Sample } from '../../bench/measurement.ts';

export const measurement = (name: string, given: Partial<Measurement> = {}): Measurement => ({
  name,
  group: 'hold',
  job: { kind: 'kernel', kernel: 'hold', words: [] },
  unit: 'operations',
  ...given,
});

export const sample = (given: Partial<Sample> = {}): Sample => ({
  cpuSeconds: 2,
  wallSeconds: 3,
  peakMiB: 100,
  work: 5000,
  hash: '0123456789abcdef',
  load: 1,
  ...given,
});

export const measured = (name: string, given: Partial<Sample> = {}): Measured => ({
  measurement: measurement(name),
  sample: sample(given),
});
