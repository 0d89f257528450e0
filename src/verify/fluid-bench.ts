import { duration, time } from '../base/units.ts';
import type { ServingMode } from '../serving/mode.ts';
import { FluidService } from '../serving/fluid/fluid-service.ts';
import { sumOf, type Tally } from '../serving/tally.ts';

/** A pod that gets and serves all it can. */
export const fullPod: ServingMode = { limits: 'running', weight: 1000, local: 1000, receives: true, factor: 1000 };

/** A pod whose capacity goes from `a` to `b` thousandths in the seconds from `from` to `until`; it gets traffic like a full one. */
export const rampedPod = (a: number, b: number, from: number, until: number): ServingMode => ({
  ...fullPod,
  factor: a,
  cause: 'switch',
  ramp: { to: b, from: micro(from), until: micro(until) },
});

const micro = (seconds: number) => time(Math.round(seconds * 1e6));

/** One app in one zone, its clock in seconds. A full pod has `cores` cores and serves 100 requests/s on each, with exponential service times unless `cv` says otherwise. */
export class FluidBench {
  readonly #service: FluidService;

  constructor(options: { readonly timeout: number; readonly cores?: number; readonly cv?: number }) {
    this.#service = new FluidService({
      zones: 1,
      serviceTime: duration(10_000),
      cv: options.cv ?? 1,
      wait: duration(0),
      timeout: duration(Math.round(options.timeout * 1e6)),
      objective: duration(300_000),
      runningMillicores: (options.cores ?? 1) * 1000,
      keepAliveMillicores: 250,
      idleMillicores: 0,
      sidecar: duration(0),
      relay: duration(0),
      hops: [duration(0), duration(0), duration(0)],
    });
  }

  rate(at: number, perSecond: number, slope = 0): this {
    this.#service.setRate(micro(at), perSecond, slope);
    return this;
  }
  /** A pod comes (`from` undefined), goes (`to` undefined), or turns from one mode to another. */
  pod(at: number, from: ServingMode | undefined, to: ServingMode | undefined): this {
    this.#service.change(micro(at), 0, from, to);
    return this;
  }
  backlog(at: number): number {
    this.#service.advance(micro(at));
    return this.#service.backlog(0);
  }
  /** What happened since the last cut. */
  cut(at: number): Tally {
    let cut = sumOf([]);
    this.#service.cut(micro(at), (tally) => (cut = sumOf([tally])));
    return cut;
  }
}

/** The first µs, in seconds, from `low` on at which nothing waits; something does at `low`, and nothing at `high`. */
export function emptyFrom(low: number, high: number, bench: () => FluidBench): number {
  let [some, none] = [Math.round(low * 1e6), Math.round(high * 1e6)];
  while (none - some > 1) {
    const middle = Math.floor((some + none) / 2);
    if (bench().backlog(middle / 1e6) > 0) some = middle;
    else none = middle;
  }
  return none / 1e6;
}
