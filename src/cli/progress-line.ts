import type { Progress } from '../index.ts';

/** One line on stderr that says how far it is; only on a terminal, and not when quiet. */
export class ProgressLine {
  readonly #shown: boolean;
  /** When what is counted began, ms; runs that had ended then. */
  #began: number | undefined;

  constructor(quiet: boolean) {
    this.#shown = !quiet && process.stderr.isTTY;
  }

  readonly update = ({ done, of, share }: Progress): void => {
    this.#began ??= performance.now();
    const pace = paceOf((performance.now() - this.#began) / 1000, done, share);
    this.#write(
      `${String(done)} of ${String(of)} ${of === 1 ? 'run' : 'runs'}, ${String(Math.floor(100 * share))} % of the time to simulate${pace}`,
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

/** How fast it goes, and how long it will take yet, from so many seconds and what was done in them; empty as long as that says little. */
export function paceOf(seconds: number, done: number, share: number): string {
  if (seconds < 3 || share < 0.01) return '';
  const rate = done === 0 ? '' : `, ${(done / seconds).toPrecision(2)} runs/s`;
  return `${rate}, about ${durationText((seconds * (1 - share)) / share)} left`;
}

function durationText(seconds: number): string {
  if (seconds < 90) return `${String(Math.ceil(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${String(minutes)} min` : `${String(Math.floor(minutes / 60))} h ${String(minutes % 60)} min`;
}
