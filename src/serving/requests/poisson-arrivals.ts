/**
 * Arrivals of a Poisson process whose rate is a straight line from one call of {@link bend} to the next: by inversion of the integrated rate Λ, the n-th at Λ(t) = E₁ + … + Eₙ
 * with Eᵢ exponential of mean 1 (Çinlar 1975). However the line is cut into pieces, the arrivals are the same but for rounding. Times in s, rates per s.
 */
export class PoissonArrivals {
  /** The moment up to which the rate has been integrated, the rate there, its slope; what is left of Eₙ. */
  #from = 0;
  #rate = 0;
  #slope = 0;
  #left = 0;
  /** The next arrival, on the line as it is; Infinity: none. */
  next = Infinity;

  /** `first`: E₁. */
  constructor(first: number) {
    this.#left = first;
  }

  /** From `t` on, which is not after the next arrival, the rate is `rate` + `slope`·(time since t). */
  bend(t: number, rate: number, slope: number): void {
    const h = t - this.#from;
    this.#left = Math.max(0, this.#left - h * (this.#rate + (this.#slope * h) / 2));
    this.#from = t;
    this.#rate = rate;
    this.#slope = slope;
    this.next = this.#solve();
  }

  /** The next arrival is over; the one after it is `gap` away. */
  pass(gap: number): void {
    this.#rate = Math.max(0, this.#rate + this.#slope * (this.next - this.#from));
    this.#from = this.next;
    this.#left = gap;
    this.next = this.#solve();
  }

  /** rate·x + slope·x²/2 = left, in the form that cancels nothing; never, where the rate falls to 0 before. */
  #solve(): number {
    if (this.#slope === 0) return this.#rate > 0 ? this.#from + this.#left / this.#rate : Infinity;
    const square = this.#rate * this.#rate + 2 * this.#slope * this.#left;
    if (square < 0) return Infinity;
    const below = this.#rate + Math.sqrt(square);
    return below > 0 ? this.#from + (2 * this.#left) / below : Infinity;
  }
}
