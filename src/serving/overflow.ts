import { type Exchange, fill, type Line, minus, nothing, plus, signAfter, untilZero } from './exchange.ts';
import type { Station } from './station.ts';

/** Least weight of a zone in a split, relative to the largest: one whose room or excess is only about to grow takes part when the others' is used up. */
const leastWeight = 1e-9;
/** The shortest step, s: a crossing that rounding puts at the present is passed. */
const shortest = 1e-9;

/**
 * Overflow, once, between the zones of one app: what the limiters of a zone refuse goes to the free room C − λ of the main classes of zones that refuse
 * nothing and in whose main class nothing waits. What is taken, the smaller one of all excess and all room, is split in proportion to the room (and, where the
 * room is the smaller one, to the excess) at the last bend of any zone, and never exceeds it. All stations are integrated side by side, from bend to bend;
 * where excess passes room, or a zone's room is used up, is a crossing in closed form.
 */
export class Overflow {
  readonly #stations: readonly Station[];
  /** Distance from zone to zone: 0 the same IDC, 1 another one, 2 another city. */
  readonly #distances: readonly (readonly number[])[];
  /** Weights of the split, by zone; anew after a bend. */
  #excess: readonly number[] = [];
  #room: readonly number[] = [];
  #stale = true;

  constructor(stations: readonly Station[], distances: readonly (readonly number[])[]) {
    this.#stations = stations;
    this.#distances = distances;
  }

  /** Integrates all stations up to `to`, µs. They have begun their segments together. */
  integrate(to: number): void {
    const stations = this.#stations;
    const now = (): number => (stations[0] as Station).now;
    while (now() < to) {
      for (const station of stations) if (station.open()) this.#stale = true;
      const rampEnd = Math.min(...stations.map((station) => station.rampEnd));
      const end = Math.min(to, rampEnd);
      const [start, from] = [(stations[0] as Station).start, now()];
      this.#sideBySide((from - start) / 1e6, (end - start) / 1e6);
      for (const station of stations) station.pass(end, end === rampEnd);
    }
  }

  /** From `a` to `b`, seconds since the segments' start. */
  #sideBySide(a: number, b: number): void {
    for (let s = a; s < b;) {
      let bend = Infinity;
      for (const station of this.#stations) bend = Math.min(bend, station.nextBend(s));
      const { exchanges, until } = this.#plan(s);
      const end = Math.min(b, bend, s + Math.max(until, shortest));
      this.#stations.forEach((station, zone) => {
        station.exchange(s, end, exchanges?.[zone]);
      });
      if (end === bend) this.#stale = true;
      s = end;
    }
  }

  /** Who gives what to whom from `s` on, and for how long; no exchanges where nobody gives or nobody has room. */
  #plan(s: number): { readonly exchanges?: readonly Exchange[]; readonly until: number } {
    const refusals = this.#stations.map((station) => station.refusal(s));
    const gives = refusals.map(({ value, slope }) => value > 0 || slope > 0);
    if (!gives.includes(true)) return { until: Infinity };
    const rooms = this.#stations.map((station, zone) => (gives[zone] ? nothing : station.room(s)));
    if (this.#stale) {
      this.#excess = weightsOf(refusals);
      this.#room = weightsOf(rooms);
      this.#stale = false;
    }
    const [excess, room] = [refusals.reduce(plus, nothing), rooms.reduce(plus, nothing)];
    const scale = excess.value + room.value;
    const surplus = minus(excess, room);
    const short = signAfter(surplus, scale, Math.abs(excess.slope) + Math.abs(room.slope)) > 0;
    const { parts, until } = short ? fill(room, refusals, this.#excess) : fill(excess, rooms, this.#room);
    const [out, into] = short ? [parts, rooms] : [refusals, parts];
    return {
      exchanges: this.#stations.map((_, zone) => ({
        out: out[zone] as Line,
        whole: !short,
        in: into[zone] as Line,
        hops: this.#hops(gives, zone),
      })),
      until: Math.min(until, untilZero(surplus, scale)),
    };
  }

  /** Shares of what comes to `zone` from each distance, by the givers' excess at the last bend. */
  #hops(gives: readonly boolean[], zone: number): readonly number[] {
    const shares = [0, 0, 0];
    let all = 0;
    gives.forEach((given, from) => {
      if (given) all += this.#excess[from] as number;
    });
    gives.forEach((given, from) => {
      const distance = this.#distances[from]?.[zone] as number;
      if (given) shares[distance] = (shares[distance] as number) + (this.#excess[from] as number) / all;
    });
    return shares;
  }
}

/** Weights in proportion to the values; what is only about to grow from 0 gets next to nothing. */
function weightsOf(lines: readonly Line[]): readonly number[] {
  const most = Math.max(...lines.map(({ value }) => value), 1);
  return lines.map(({ value, slope }) => (value > 0 || slope > 0 ? Math.max(value, leastWeight * most) : 0));
}
