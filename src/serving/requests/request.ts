/** An attempt that is at a pod. Times in s. */
export class Request {
  /** When it arrived at its pod. */
  arrived = 0;
  /** CPU that it needs, or needs still where it was interrupted, core-seconds; and all it took. */
  work = 0;
  demand = 0;
  /** For how many requests it stands. */
  weight = 1;
  /** What its response takes beside the time at its pod: hops, time off CPU. */
  delay = 0;
  /** Attempts before it. */
  generation = 0;
  /** The ones behind and before it at its pod, in the order of arrival. */
  next: Request | undefined;
  previous: Request | undefined;
  /** Under processor sharing: where it is in the heap of its pod. */
  place = 0;
}

/** Those that have left are used again: to make one takes longer than all that happens to it. */
export class Requests {
  #free: Request | undefined;

  /** A request of which everything is to be said anew. */
  take(): Request {
    const request = this.#free;
    if (request === undefined) return new Request();
    this.#free = request.next;
    return request;
  }

  /** The request has left. */
  release(request: Request): void {
    request.next = this.#free;
    this.#free = request;
  }
}

/** A request and all behind it. */
export function chain(first: Request | undefined): Request[] {
  const all: Request[] = [];
  for (let request = first; request; request = request.next) all.push(request);
  return all;
}

/** The same requests, first come first. */
export function byArrival(requests: readonly Request[]): readonly Request[] {
  return [...requests].sort((a, b) => a.arrived - b.arrived);
}
