import { type Exchange, fill, type Line, minus, nothing, plus, signAfter, untilZero } from './exchange.ts';
import type { Station } from './station.ts';

/** Least weight of a zone in a split, relative to the largest: one whose room or excess is only about to grow takes part when the others' is used up. */
const leastWeight = 1e-9;
/** The shortest step, s: a crossing that rounding puts at the present is passed. */
const shortest = 1e-9;

/**
 * Overflow, once, between the zones of one app: what the limiters of a zone refuse goes to the free room C − λ of main classes of other zones in which nothing
 * waits. As much is taken as can be; it is split in proportion to the room (and, where the room is the smaller one, to the excess) at the last bend of any
 * zone, and never exceeds it. All stations are integrated side by side, from bend to bend; where excess passes room, or a zone's room is used up, is a
 * crossing in closed form.
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

  /** Who gives and takes what from `s` on, and for how long; no exchanges where nobody refuses anything. */
  #plan(s: number): { readonly exchanges?: readonly Exchange[]; readonly until: number } {
    const refusals = this.#stations.map((station) => station.refusal(s));
    if (refusals.every(({ value, slope }) => !(value > 0 || slope > 0))) return { until: Infinity };
    const rooms = this.#stations.map((station) => station.room(s));
    if (this.#stale) {
      this.#excess = weightsOf(refusals);
      this.#room = weightsOf(rooms);
      this.#stale = false;
    }
    const all = this.#pool(refusals, rooms);
    const scale = 2 * all.taken.value;
    // What a zone would have to take from itself: of one at most there is any. Then the others give to it alone, and it to them.
    const selves = refusals.map((_, zone) => minus(plus(all.out[zone] as Line, all.into[zone] as Line), all.taken));
    const own = selves.findIndex((self) => signAfter(self, scale, Math.abs(self.slope) + Math.abs(all.taken.slope)) > 0);
    const until = Math.min(all.until, ...selves.map((self) => untilZero(self, scale)));
    if (own < 0) return { exchanges: this.#exchanges(all, (from, to) => from !== to), until };
    const only = (lines: readonly Line[], which: (zone: number) => boolean) => lines.map((line, zone) => (which(zone) ? line : nothing));
    const [isOwn, isOther] = [(zone: number) => zone === own, (zone: number) => zone !== own];
    const [toIt, fromIt] = [
      this.#pool(only(refusals, isOther), only(rooms, isOwn)),
      this.#pool(only(refusals, isOwn), only(rooms, isOther)),
    ];
    const both = {
      out: fromIt.out.map((line, zone) => (zone === own ? line : (toIt.out[zone] as Line))),
      into: toIt.into.map((line, zone) => (zone === own ? line : (fromIt.into[zone] as Line))),
      whole: fromIt.whole.map((whole, zone) => (zone === own ? whole : (toIt.whole[zone] as boolean))),
    };
    return {
      exchanges: this.#exchanges(both, (from, to) => (from === own) !== (to === own)),
      until: Math.min(until, toIt.until, fromIt.until),
    };
  }

  /** The smaller one of all refusals and all rooms is taken: by zone what goes out, whether that is all of it, and what comes in. */
  #pool(refusals: readonly Line[], rooms: readonly Line[]): Split & { readonly taken: Line; readonly until: number } {
    const [excess, room] = [refusals.reduce(plus, nothing), rooms.reduce(plus, nothing)];
    const scale = excess.value + room.value;
    const surplus = minus(excess, room);
    const short = signAfter(surplus, scale, Math.abs(excess.slope) + Math.abs(room.slope)) > 0;
    const { parts, until } = short ? fill(room, refusals, this.#excess) : fill(excess, rooms, this.#room);
    return {
      out: short ? parts : refusals,
      into: short ? rooms : parts,
      whole: refusals.map(() => !short),
      taken: short ? room : excess,
      until: Math.min(until, untilZero(surplus, scale)),
    };
  }

  /** What each zone gives and takes; what comes in comes from the zones that `give` to it, by their excess at the last bend. */
  #exchanges({ out, into, whole }: Split, give: (from: number, to: number) => boolean): readonly Exchange[] {
    return into.map((line, to) => {
      const hops = [0, 0, 0];
      const excess = this.#excess.map((amount, from) => (give(from, to) ? amount : 0));
      const all = excess.reduce((sum, amount) => sum + amount, 0);
      excess.forEach((amount, from) => {
        const distance = this.#distances[from]?.[to] as number;
        if (all > 0) hops[distance] = (hops[distance] as number) + amount / all;
      });
      return { out: out[to] as Line, whole: whole[to] as boolean, in: line, hops };
    });
  }
}

/** By zone: what goes out, what comes in, and whether all that is refused goes out. */
interface Split {
  readonly out: readonly Line[];
  readonly into: readonly Line[];
  readonly whole: readonly boolean[];
}

/** Weights in proportion to the values; what is only about to grow from 0 gets next to nothing. */
function weightsOf(lines: readonly Line[]): readonly number[] {
  const most = Math.max(...lines.map(({ value }) => value), 1);
  return lines.map(({ value, slope }) => (value > 0 || slope > 0 ? Math.max(value, leastWeight * most) : 0));
}
