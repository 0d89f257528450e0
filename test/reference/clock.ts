/** Something that is going to happen. */
export interface Appointment {
  readonly at: number;
  readonly rank: number;
  readonly happens: () => void;
}

/** Order of what happens at one instant: what is over, what breaks, what somebody gets, what is looked at, what is decided. */
export const ranks = { over: 0, breaks: 1, step: 2, look: 5, decide: 6 } as const;

/** Simulated time and all that is going to happen, as one sorted list. What is called off is taken out of the list: nothing in it is void. */
export class Clock {
  readonly #list: Appointment[] = [];
  now = 0;
  happened = 0;

  /** After all that is for the same instant and rank. */
  at(at: number, rank: number, happens: () => void): Appointment {
    const appointment = { at, rank, happens };
    const later = this.#list.findIndex((other) => other.at > at || (other.at === at && other.rank > rank));
    this.#list.splice(later < 0 ? this.#list.length : later, 0, appointment);
    return appointment;
  }

  callOff(appointment: Appointment | undefined): void {
    const place = appointment === undefined ? -1 : this.#list.indexOf(appointment);
    if (place >= 0) this.#list.splice(place, 1);
  }

  runUntil(end: number): void {
    for (let next = this.#list[0]; next !== undefined && next.at <= end; next = this.#list[0]) {
      this.#list.shift();
      this.now = next.at;
      this.happened++;
      next.happens();
    }
    this.now = end;
  }
}
