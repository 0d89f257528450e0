import { exitAtOnce } from './exit.ts';
import { say } from './print.ts';

/** Codes by the convention 128 + number of the signal. */
const codes = { SIGINT: 130, SIGTERM: 143 } as const;

/** A terminal signals the whole process group, and npm and tsx pass on what they get: signals this close together are one Ctrl-C. */
const sameMs = 1000;

/** A wish to stop: Ctrl-C or SIGTERM asks politely, a second one ends the process at once. */
export class Interruption {
  readonly #controller = new AbortController();
  #code: number | undefined;
  #since = 0;
  readonly #kept: string;

  /** `kept`: what stays of what has been done. */
  constructor(kept = 'complete runs are kept') {
    this.#kept = kept;
    for (const name of Object.keys(codes) as (keyof typeof codes)[]) process.on(name, this.#onSignal);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The exit code after an interruption. */
  get code(): number {
    return this.#code ?? codes.SIGINT;
  }

  /** Stops listening. */
  end(): void {
    for (const name of Object.keys(codes) as (keyof typeof codes)[]) process.off(name, this.#onSignal);
  }

  readonly #onSignal = (name: keyof typeof codes): void => {
    if (this.#code !== undefined) {
      if (performance.now() - this.#since > sameMs) exitAtOnce(codes[name]);
      return;
    }
    this.#code = codes[name];
    this.#since = performance.now();
    say(`\nStopping; ${this.#kept}. Once more ends it at once.`);
    this.#controller.abort();
  };
}
