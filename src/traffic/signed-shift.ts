import type { z } from 'zod';
import { type Duration, duration } from '../base/units.ts';

/** A shift as a scenario writes it: `later: 10m` or `earlier: 10m`. */
export interface GivenShift {
  readonly later?: Duration | undefined;
  readonly earlier?: Duration | undefined;
}

/** The one shift that is given, later positive; an issue where there is none, or both. */
export function signedShift({ later, earlier }: GivenShift, context: z.core.$RefinementCtx): Duration {
  if ((later === undefined) === (earlier === undefined)) context.addIssue({ code: 'custom', message: 'give either later or earlier' });
  return later ?? duration(0 - (earlier ?? 0));
}
