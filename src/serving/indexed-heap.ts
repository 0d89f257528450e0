/**
 * The numbers 0 … size − 1, each with a key, ordered by key and, of equal keys, by number: which one is first, and a key changes in O(log size). A number
 * that waits for nothing has the key Infinity. A 4-ary heap on typed arrays.
 */
export class IndexedHeap {
  #size = 0;
  /** The heap: keys and numbers by place; and at which place a number stands. */
  #keys = new Float64Array(16);
  #numbers = new Int32Array(16);
  #places = new Int32Array(16);
  /** The number with the least key, which must be there; and that key, Infinity where there is none. */
  first = 0;
  firstKey = Infinity;

  key(number: number): number {
    return this.#keys[this.#places[number] as number] as number;
  }

  /** Adds the next number, with the key Infinity; returns it. */
  add(): number {
    const number = this.#size++;
    if (number === this.#keys.length) {
      this.#keys = longer(this.#keys, new Float64Array(2 * number));
      this.#numbers = longer(this.#numbers, new Int32Array(2 * number));
      this.#places = longer(this.#places, new Int32Array(2 * number));
    }
    this.#keys[number] = Infinity;
    this.#numbers[number] = number;
    this.#places[number] = number;
    return number;
  }

  set(number: number, key: number): void {
    const place = this.#places[number] as number;
    const before = this.#keys[place] as number;
    if (key < before) this.#rise(place, number, key);
    else if (key > before) this.#sink(place, number, key);
    this.first = this.#numbers[0] as number;
    this.firstKey = this.#keys[0] as number;
  }

  #rise(place: number, number: number, key: number): void {
    const [keys, numbers, places] = [this.#keys, this.#numbers, this.#places];
    let hole = place;
    while (hole > 0) {
      const up = (hole - 1) >> 2;
      const upKey = keys[up] as number;
      if (upKey < key || (upKey === key && (numbers[up] as number) < number)) break;
      keys[hole] = upKey;
      places[(numbers[hole] = numbers[up] as number)] = hole;
      hole = up;
    }
    keys[hole] = key;
    numbers[hole] = number;
    places[number] = hole;
  }

  #sink(place: number, number: number, key: number): void {
    const [keys, numbers, places, size] = [this.#keys, this.#numbers, this.#places, this.#size];
    let hole = place;
    for (let child = 4 * hole + 1; child < size; child = 4 * hole + 1) {
      const end = child + 4 < size ? child + 4 : size;
      let least = keys[child] as number;
      for (let other = child + 1; other < end; other++) {
        const otherKey = keys[other] as number;
        if (otherKey < least || (otherKey === least && (numbers[other] as number) < (numbers[child] as number))) {
          child = other;
          least = otherKey;
        }
      }
      if (key < least || (key === least && number < (numbers[child] as number))) break;
      keys[hole] = least;
      places[(numbers[hole] = numbers[child] as number)] = hole;
      hole = child;
    }
    keys[hole] = key;
    numbers[hole] = number;
    places[number] = hole;
  }
}

/** `into`, beginning with what is in `array`. */
export function longer<T extends Float64Array | Int32Array>(array: T, into: T): T {
  into.set(array);
  return into;
}
