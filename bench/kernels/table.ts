import type { KernelResult } from '../usage-file.ts';
import { csv } from './csv.ts';
import { mmc, ticking } from './engine.ts';
import { hold } from './hold.ts';
import { placement } from './placement.ts';

/** The kernels by name; each takes the words behind its name. */
export const kernels = { hold, mmc, ticking, placement, csv } as const satisfies Record<string, (...words: string[]) => KernelResult>;

export type KernelName = keyof typeof kernels;
