import seedrandom from 'seedrandom';
import { Fingerprint } from '../base/fingerprint.ts';

/** A source of uniform variates on [0, 1), 53 bits each. */
export type Uniform = () => number;

/**
 * The named random streams of one run. A stream is named by purpose and role, e.g. `startup/pay/exclusive/17/0`, never by who draws or when:
 * the same role draws the same numbers under every strategy (common random numbers), and a draw added elsewhere moves nothing.
 */
export class Streams {
  readonly #seed: number;
  /** `seed` is the replication's own: the scenario's seed plus the replication's index. */
  constructor(seed: number) {
    this.#seed = seed;
  }

  /** A fresh generator at the beginning of the stream `name`; taking a name twice yields the same numbers twice. */
  stream(name: string): Uniform {
    const generator = this.#generator(name);
    return () => generator.double();
  }

  /** The first number of the stream `name`: for roles that draw once. */
  once(name: string): number {
    return this.#generator(name).double();
  }

  /**
   * Names that differ in their last letters only (`…/1`, `…/2`) leave Alea's own seeding so near each other that their first numbers lie on a line:
   * after two small ones the third was small six times too often. So a name is hashed first; the hash spreads every letter over all 64 bits.
   */
  #generator(name: string): seedrandom.PRNG {
    const hash = new Fingerprint();
    hash.addText(`fenshi/1/${String(this.#seed)}/${name}`);
    return seedrandom.alea(hash.hex);
  }
}
