/** A running 64-bit hash over integers, as two 32-bit lanes (murmur3's mixing steps with different constants): equal runs have equal fingerprints on every machine. */
export class Fingerprint {
  #a = 0x9e3779b9 | 0;
  #b = 0x85ebca6b | 0;

  /** Adds one integer of at most 53 bits. */
  add(value: number): void {
    const low = value | 0;
    const high = Math.floor(value / 4294967296) | 0;
    let a = Math.imul(low ^ Math.imul(high, 0x27d4eb2f), 0xcc9e2d51);
    a = this.#a ^ Math.imul((a << 15) | (a >>> 17), 0x1b873593);
    this.#a = (Math.imul((a << 13) | (a >>> 19), 5) + 0xe6546b64) | 0;
    let b = Math.imul(low + Math.imul(high, 0x165667b1), 0x239b961b);
    b = this.#b ^ Math.imul((b << 16) | (b >>> 16), 0xab0e9789 | 0);
    this.#b = (Math.imul((b << 17) | (b >>> 15), 5) + 0x561ccd1b + this.#a) | 0;
  }

  addText(text: string): void {
    for (let i = 0; i < text.length; i++) this.add(text.charCodeAt(i));
    this.add(text.length);
  }

  /** 16 hexadecimal digits. */
  get hex(): string {
    return [finish(this.#a), finish(this.#b)].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
  }
}

function finish(lane: number): number {
  let h = lane ^ (lane >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
