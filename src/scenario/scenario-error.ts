import { InputError, type Issue } from '../base/errors.ts';
import { lineAndColumn, lineText, type Place } from './source.ts';

/** An issue together with where its cause was written. */
export interface Problem extends Issue {
  readonly place: Place;
}

/** Problems printed in full; the rest is counted. */
const shown = 50;

/** A scenario that cannot be run, with every mistake in it. */
export class ScenarioError extends InputError {
  override readonly name = 'ScenarioError';
  /** Sorted by file, line and column; the same mistake at the same place is said once. */
  readonly issues: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const issues = sorted(problems);
    super(renderProblems(issues));
    this.issues = issues;
  }
}

/** Every problem as `file:line:column path: message`, the source line, and a caret with the suggestion. */
export function renderProblems(problems: readonly Problem[]): string {
  const rest = problems.length - shown;
  const lines = sorted(problems).slice(0, shown).map(renderProblem);
  return [...lines, ...(rest > 0 ? [`… and ${String(rest)} more`] : [])].join('\n');
}

function renderProblem({ place, path, message, suggestion }: Problem): string {
  const { line, column } = lineAndColumn(place);
  const where =
    place.offset === undefined || place.source.kind !== 'file'
      ? place.source.name
      : `${place.source.name}:${String(line)}:${String(column)}`;
  const hint = suggestion === undefined ? '' : `did you mean "${suggestion}"?`;
  const subject = pathText(path);
  // An argument has no lines to count: its own name stands for the position.
  const head = printable(
    place.source.kind === 'set' && subject !== ''
      ? `${where} ${subject}: ${message}`
      : subject === ''
        ? `${where}: ${message}`
        : `${where} ${subject}: ${message}`,
  );
  if (place.offset === undefined) return hint === '' ? head : `${head} (${hint})`;
  const gutter = place.source.kind === 'file' ? `  ${String(line)} | ` : '  | ';
  const { text, pad } = excerpt(lineText(place.source, line), column - 1);
  return `${head}\n${gutter}${text}\n${' '.repeat(gutter.length - 2)}| ${pad}^${hint === '' ? '' : ` ${hint}`}`;
}

/** A path of keys as `--set` takes it: `strategies.time-share.plan.0.at`. */
export const pathText = (path: readonly PropertyKey[]): string => path.map(String).join('.');

/** Most characters of a source line that are shown. */
const widest = 120;

/** The part of `line` about `index`, and blanks as wide as the text before `index`, so that the caret stands under it. */
function excerpt(line: string, index: number): { readonly text: string; readonly pad: string } {
  const from = index > widest - 20 ? index - widest / 2 : 0;
  const cut = line.slice(from, from + widest);
  const before = (from > 0 ? '…' : '') + cut.slice(0, index - from);
  const text = `${from > 0 ? '…' : ''}${cut}${from + widest < line.length ? '…' : ''}`;
  const pad = Array.from(printable(before), (character) => (wide.test(character) ? '  ' : ' ')).join('');
  return { text: printable(text), pad };
}

/** Characters that take two columns in a terminal. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;

/** `text` fit for a terminal: a tab is a blank, other control and direction characters are replaced, so that a file cannot move the cursor. */
function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is taken out
  return text.replace(/\t/g, ' ').replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, '\uFFFD');
}

function sorted(problems: readonly Problem[]): readonly Problem[] {
  const once = new Map<string, Problem>();
  for (const problem of problems) {
    const key = JSON.stringify([
      problem.place.source.name,
      problem.place.source.kind === 'set' ? problem.place.source.text : '',
      problem.place.offset ?? -1,
      problem.message,
    ]);
    if (!once.has(key)) once.set(key, problem);
  }
  return [...once.values()].sort((a, b) => {
    if (a.place.source.name !== b.place.source.name) return a.place.source.name < b.place.source.name ? -1 : 1;
    return (a.place.offset ?? -1) - (b.place.offset ?? -1);
  });
}
