/** Most mistakes of one file that are said in full. */
const most = 20;

/** What is wrong with a file: the first mistakes in full, the rest counted. */
export class Mistakes {
  readonly #said: string[] = [];
  readonly #file: string;
  #count = 0;

  constructor(file: string) {
    this.#file = file;
  }

  get any(): boolean {
    return this.#count > 0;
  }

  /** `where`: a line, or another name of a place in the file; absent: the file as a whole. */
  add(what: string, where?: number | string): void {
    if (this.#count++ < most) this.#said.push(`${this.#file}${where === undefined ? '' : `:${String(where)}:`} ${what}`);
  }

  list(): readonly string[] {
    const rest = this.#count - this.#said.length;
    return rest === 0 ? this.#said : [...this.#said, `${this.#file}: … and ${String(rest)} more`];
  }
}
