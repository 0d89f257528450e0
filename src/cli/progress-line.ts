import type { Progress } from '../index.ts';

/** One line on stderr that says how far it is; only on a terminal, and not when quiet. */
export class ProgressLine {
  readonly #shown: boolean;

  constructor(quiet: boolean) {
    this.#shown = !quiet && process.stderr.isTTY;
  }

  readonly update = ({ done, of, share }: Progress): void => {
    this.#write(
      `${String(done)} of ${String(of)} ${of === 1 ? 'run' : 'runs'}, ${String(Math.floor(100 * share))} % of the time to simulate`,
    );
  };

  /** The line while `read` reads the scenario, and with it perhaps a long trace. */
  reading<T>(file: string, read: () => T): T {
    this.#write(`reading ${file}`);
    try {
      return read();
    } finally {
      this.end();
    }
  }

  /** Says what is being done. */
  show(text: string): void {
    this.#write(text);
  }

  /** Removes the line. */
  end(): void {
    this.#write('');
  }

  #write(text: string): void {
    if (this.#shown) process.stderr.write(`\r\u001b[K${text}`);
  }
}
