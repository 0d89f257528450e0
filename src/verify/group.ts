import type { Claim } from './claim.ts';

/** How much is tried: `quick` is a matter of seconds. Everything drawn follows from the seed. */
export interface Effort {
  readonly quick: boolean;
  readonly seed: number;
}

/** Claims about one part of the simulator, one after another, so that progress can be shown. Names and their order are the same for every effort. */
export interface ClaimGroup {
  readonly name: string;
  /** What the group is about, as a heading. */
  readonly title: string;
  readonly claims: (effort: Effort) => Iterable<Claim>;
}
