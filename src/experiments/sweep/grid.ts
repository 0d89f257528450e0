import { InputError } from '../../base/errors.ts';
import { parseAxis } from '../axis.ts';

/** Axes whose values go together, one by one. */
export interface Bundle {
  readonly paths: readonly string[];
  /** Values of every path, point by point. */
  readonly points: readonly (readonly string[])[];
}

/** Most points of a sweep. */
const mostPoints = 1_000_000;

/** Between paths that are varied together. */
const together = ' with ';

/**
 * What `--vary` says: `PATH=LOW..HIGH/STEP` or `PATH=a,b,c`, or several of them with ` with ` in between, whose values then go together one by one. Throws an
 * {@link InputError} with everything that is wrong with any of them.
 */
export function parseVary(texts: readonly string[]): readonly Bundle[] {
  const complaints: string[] = [];
  const bundles = texts.map((text): Bundle => {
    const axes = text.split(together).flatMap((each) => {
      try {
        return [parseAxis(each.trim())];
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        complaints.push(`--vary: ${error.message}`);
        return [];
      }
    });
    const [first] = axes;
    const other = axes.find(({ values }) => values.length !== first?.values.length);
    if (first !== undefined && other !== undefined)
      complaints.push(`--vary: read "${text}": ${first.path} has ${String(first.values.length)} values and ${other.path} ${String(other.values.length)}: what goes together has as many`); // prettier-ignore
    return { paths: axes.map(({ path }) => path), points: (first?.values ?? []).map((_, i) => axes.map(({ values }) => values[i] ?? '')) };
  });
  const paths = bundles.flatMap((bundle) => bundle.paths);
  const twice = paths.find((path, i) => paths.indexOf(path) !== i);
  if (twice !== undefined) complaints.push(`--vary: ${twice} is varied twice`);
  for (const path of paths)
    if (path === 'seed' || path === 'replications') complaints.push(`--vary: ${path} is not varied: every point has the same replications, each with a seed of its own; say how many with --replications`); // prettier-ignore
  if (texts.length === 0) complaints.push('a sweep without an axis: say what is varied with --vary PATH=LOW..HIGH/STEP or PATH=a,b,c');
  const points = bundles.reduce((product, bundle) => product * bundle.points.length, 1);
  if (points > mostPoints) complaints.push(`--vary: the grid has ${String(points)} points, at most ${String(mostPoints)} are allowed`);
  if (complaints.length > 0) throw new InputError(complaints.join('\n'));
  return bundles;
}

export const pathsOf = (bundles: readonly Bundle[]): readonly string[] => bundles.flatMap(({ paths }) => paths);

/** Every combination of the bundles' points, as values of {@link pathsOf}; the last bundle moves fastest. */
export function gridOf(bundles: readonly Bundle[]): readonly (readonly string[])[] {
  return bundles.reduce<readonly (readonly string[])[]>(
    (grid, { points }) => grid.flatMap((before) => points.map((point) => [...before, ...point])),
    [[]],
  );
}
