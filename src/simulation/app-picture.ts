import { PluginError } from '../base/errors.ts';
import { refuse } from '../base/read-only.ts';
import type { AppView, Measured } from '../strategies/strategy.ts';

/** What is the same as long as the app's pods are the same. */
export type AppCounts = Omit<AppView, 'measured'>;

/** What the metrics say now, and which of their windows that is, counted from time zero. */
export interface Readings {
  window: number;
  measured(app: number): Measured | undefined;
}

/**
 * An app at one moment. Strategies may look often and apps are many: so it costs next to nothing to make. All but what is measured comes from the counts, and
 * that is looked up when it is first read, as windows that nobody asks for need not be computed.
 */
export class AppPicture implements AppView {
  readonly #counts: AppCounts;
  readonly #readings: Readings;
  readonly #app: number;
  readonly #window: number;
  #measured: { readonly value: Measured | undefined } | undefined;

  constructor(counts: AppCounts, readings: Readings, app: number) {
    this.#counts = counts;
    this.#readings = readings;
    this.#app = app;
    this.#window = readings.window;
    Object.freeze(this);
  }

  static {
    // As if they were its own: shown by loops, and writing to one throws even from code that is not strict.
    for (const [key, own] of Object.entries(Object.getOwnPropertyDescriptors(AppPicture.prototype)))
      if (own.get) Object.defineProperty(AppPicture.prototype, key, { ...own, set: refuse, enumerable: true });
  }

  get name() {
    return this.#counts.name;
  }
  get podCapacityPerSecond() {
    return this.#counts.podCapacityPerSecond;
  }
  get limitMillicores() {
    return this.#counts.limitMillicores;
  }
  get requestCpu() {
    return this.#counts.requestCpu;
  }
  get coldStart() {
    return this.#counts.coldStart;
  }
  get coldStartP99() {
    return this.#counts.coldStartP99;
  }
  get activation() {
    return this.#counts.activation;
  }
  get allowNoExclusive() {
    return this.#counts.allowNoExclusive;
  }
  get imbalance() {
    return this.#counts.imbalance;
  }
  get exclusive() {
    return this.#counts.exclusive;
  }
  get shared() {
    return this.#counts.shared;
  }
  get forecast() {
    return this.#counts.forecast;
  }
  get measured(): Measured | undefined {
    if (this.#measured === undefined && this.#readings.window !== this.#window)
      throw new PluginError(
        `measured of app ${this.name} is read from an old view, and was not read when that was new; keep the numbers, not the view`,
      );
    return (this.#measured ??= { value: this.#readings.measured(this.#app) }).value;
  }

  /** For `JSON.stringify`, and for who wants a copy. */
  toJSON(): AppView {
    const { measured } = this;
    return { ...this.#counts, measured };
  }
}
