import type { KernelName } from './kernels/table.ts';

export const groups = ['hold', 'engine', 'requests', 'placement', 'full', 'growth', 'jobs', 'csv'] as const;
export type Group = (typeof groups)[number];

/** One thing to measure, each time in a process of its own. */
export interface Measurement {
  /** Unique: rows and findings refer to it. */
  readonly name: string;
  readonly group: Group;
  readonly job: Job;
  /** What its work is counted in. */
  readonly unit: string;
  /** Measurements of one subject must have one result; by default each is its own. */
  readonly subject?: string | undefined;
  /** What is short counts as best: CPU seconds, or wall seconds where it is about several threads. */
  readonly best?: 'wall' | undefined;
  /** Most rounds, where one takes long. */
  readonly rounds?: number | undefined;
}

/** What the process does: a kernel that times its own work, or `fenshi run …` from start to end. */
export type Job =
  | { readonly kind: 'kernel'; readonly kernel: KernelName; readonly words: readonly string[] }
  | { readonly kind: 'run'; readonly words: readonly string[] };

/** One measurement of one round. */
export interface Sample {
  readonly cpuSeconds: number;
  /** Of the whole process, from its start to its end. */
  readonly wallSeconds: number;
  readonly peakMiB: number;
  readonly work: number;
  readonly hash: string;
  /** Load average of the machine before. */
  readonly load: number;
  readonly note?: string | undefined;
}

export interface Measured {
  readonly measurement: Measurement;
  readonly sample: Sample;
}
