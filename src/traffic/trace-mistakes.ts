/** Most mistakes of one file that are said in full. */
const most = 20;

/** What is wrong with a file, or with what was said of it: then `option` is the one that is to be changed. */
export interface TraceMistake {
  readonly message: string;
  readonly option?: 'from' | 'resample' | undefined;
}

/** What is wrong with a file: so many mistakes that reading on tells nobody more. */
export class Mistakes {
  readonly #said: TraceMistake[] = [];
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  get any(): boolean {
    return this.#said.length > 0;
  }

  /** Whether the file is not to be read any further. */
  get enough(): boolean {
    return this.#said.length >= most;
  }

  /** `where`: a line, or another name of a place in the file; absent: the file as a whole. */
  add(what: string, where?: number | string): void {
    this.#said.push({ message: `${this.#file}${where === undefined ? '' : `:${String(where)}:`} ${what}` });
  }

  /** What was said of the file does not suit it. */
  addOption(option: 'from' | 'resample', what: string): void {
    this.#said.push({ message: `${this.#file}: ${what}`, option });
  }

  list(): readonly TraceMistake[] {
    return this.enough
      ? [...this.#said, { message: `${this.#file}: … and not read any further after ${String(most)} mistakes` }]
      : this.#said;
  }
}
