import { fluid } from './fluid.ts';
import type { ClaimGroup } from './group.ts';
import { placement } from './placement.ts';
import { relations } from './relations.ts';
import { theory } from './theory.ts';
import { twin } from './twin.ts';

/** All groups, in the order in which they are printed. */
export const claimGroups: readonly ClaimGroup[] = [theory, fluid, twin, relations, placement];

/** Seed of a verification that names none. */
export const verificationSeed = 11;
