import type { KernelResult } from '../usage-file.ts';
import { csv } from './csv.ts';
import { mmc, ticking } from './engine.ts';
import { hold } from './hold.ts';
import { placement } from './placement.ts';
import { requests } from './requests.ts';

/** The kernels by name; each takes the words behind its name. */
export const kernels = { hold, mmc, ticking, placement, requests, csv } as const satisfies Record<
  string,
  (...words: string[]) => KernelResult
>;

export type KernelName = keyof typeof kernels;
