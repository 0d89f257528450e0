import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { assert } from '../../base/assert.ts';
import { count, parseShare, show } from '../../base/quantity.ts';
import { didYouMean } from '../../base/suggest.ts';
import { jsonText, sha256 } from '../../output/manifest.ts';
import { openFile } from '../../scenario/files.ts';
import { decodeAt, located } from '../../scenario/issues.ts';
import { resolveFrom } from '../../scenario/layers.ts';
import { nameSchema } from '../../scenario/names.ts';
import { readDecoded } from '../../scenario/read.ts';
import { resolvedYaml } from '../../scenario/resolved.ts';
import { type Problem, ScenarioError } from '../../scenario/scenario-error.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { lineAndColumn } from '../../scenario/source.ts';
import type { Catalog } from '../../scenario/strategy-uses.ts';
import { plain, valueAt, type Written } from '../../scenario/written.ts';
import { parseYaml } from '../../scenario/yaml.ts';
import { fewestForVerdict } from '../../stats/verdict.ts';
import type { Better } from '../judgement.ts';
import { betterWay, judgedByDefault, type Metric, summaryMetrics } from '../metric.ts';

/** How far a metric may move: a share of the baseline's mean, or an amount in its own unit. */
export interface Tolerance {
  readonly metric: Metric;
  readonly margin: { readonly share: number } | { readonly amount: number };
  readonly better: Better;
}

/** A file that says what a change is tried on, and what may change. */
export interface Suite {
  /** The file's name without its ending. */
  readonly name: string;
  readonly file: string;
  /** Folder of the baseline. */
  readonly baseline: string;
  /** `same`: every run has to do what it did; `any`: only metrics count. */
  readonly behaviour: 'same' | 'any';
  /** Whether a metric that cannot be judged fails the suite. */
  readonly inconclusive: 'fail' | 'pass';
  readonly plugins: readonly string[];
  readonly metrics: readonly Tolerance[];
  readonly cases: readonly SuiteCase[];
}

/** One scenario of a suite, as the file names it. */
export interface SuiteCase {
  /** Undefined: the scenario's own. */
  readonly name: string | undefined;
  readonly file: string;
  readonly set: readonly string[];
  /** Labels; undefined: all. */
  readonly strategies: readonly string[] | undefined;
  /** Of the suite's file. */
  readonly line: number;
  /** For complaints about it. */
  readonly complain: (message: string, key?: 'name' | 'strategies', suggestion?: string) => Problem;
}

/** A case whose scenario has been read. */
export interface LoadedCase {
  readonly name: string;
  readonly line: number;
  readonly scenario: Scenario;
  readonly labels: readonly string[];
  readonly set: readonly string[];
  /** The scenario with all defaults, in the words of a scenario file. */
  readonly resolved: unknown;
  readonly resolvedSha256: string;
  /** Of the files it was read from. */
  readonly sha256: string;
}

/** Replications of each run unless the suite says otherwise: enough for verdicts, after reliability practice. */
const usualReplications = 20;

const margin = z
  .union([z.string(), z.number()], { error: (issue) => `read ${show(issue.input)}: ${marginForms}` })
  .transform((value, context): Tolerance['margin'] => {
    if (typeof value === 'number' && value >= 0) return { amount: value };
    const share = typeof value === 'string' ? parseShare(value) : { error: marginForms };
    if (typeof share === 'number') return { share };
    context.addIssue({ code: 'custom', message: `read ${show(value)}: ${marginForms}`, input: value });
    return z.NEVER;
  });
const marginForms = 'expected a share of the baseline’s mean such as 1%, or a number ≥ 0 in the metric’s own unit';

const better = z.enum(['lower', 'higher', 'neither']);
const tolerance = z.union([z.strictObject({ margin, better: better.optional() }), margin.transform((value) => ({ margin: value, better: undefined }))]); // prettier-ignore
const fileName = z.string().min(1, { error: 'expected the name of a file' });

const caseSchema = z.union([
  z.strictObject({
    scenario: fileName,
    name: nameSchema().optional(),
    set: z.array(z.string()).default([]),
    strategies: z.array(z.string()).min(1).optional(),
  }),
  fileName.transform((scenario) => ({ scenario, name: undefined, set: [], strategies: undefined })),
]);

const suiteSchema = z.strictObject({
  baseline: z.string().min(1).optional(),
  replications: count(1, 10_000).default(usualReplications),
  behaviour: z.enum(['same', 'any']).default('same'),
  inconclusive: z.enum(['fail', 'pass']).default('fail'),
  plugins: z.array(fileName).default([]),
  metrics: z.record(z.string(), tolerance).optional(),
  scenarios: z.array(caseSchema).min(1),
});

/** Reads a suite; a {@link ScenarioError} has every mistake in it. What its scenarios hold is read by {@link loadCases}. */
export function readSuite(file: string): Suite {
  const opened = openFile(file);
  if ('error' in opened)
    throw new ScenarioError([{ path: [], message: opened.error.replace(`${file} `, ''), place: { source: { kind: 'file', name: file, text: '' } } }]); // prettier-ignore
  const { value: root, problems } = parseYaml({ kind: 'file', name: file, text: opened.text });
  if (root === undefined) throw new ScenarioError(problems);
  const found: Problem[] = [];
  const read = decodeAt(suiteSchema, root, [], (problem) => found.push(problem));
  found.push(...unknownMetrics(root));
  if (read !== undefined) found.push(...unfit(root, read));
  if (read === undefined || found.length > 0) throw new ScenarioError(found);
  const name = suiteName(file);
  const metrics =
    read.metrics ?? Object.fromEntries(judgedByDefault.map((metric) => [metric, { margin: { share: 0.01 }, better: undefined }]));
  return {
    name,
    file,
    baseline: read.baseline === undefined ? join(dirname(file), `${name}.baseline`) : resolveFrom(file, read.baseline),
    behaviour: read.behaviour,
    inconclusive: read.inconclusive,
    plugins: read.plugins.map((plugin) => resolveFrom(file, plugin)),
    metrics: Object.entries(metrics).map(([metric, { margin, better }]) => ({
      metric: metric as Metric,
      margin,
      better: better === undefined ? betterWay(metric as Metric) : better === 'neither' ? undefined : better,
    })),
    cases: read.scenarios.map(({ scenario, name, set, strategies }, i) => ({
      name,
      file: resolveFrom(file, scenario),
      set: [...set, `replications=${String(read.replications)}`, 'results.detail=none'],
      strategies,
      line: lineAndColumn((valueAt(root, ['scenarios', i]) as Written).at).line,
      complain: (message, key, suggestion) => located(root, { path: ['scenarios', i, ...(key === undefined ? [] : [key])], message, suggestion }), // prettier-ignore
    })),
  };
}

/** Name of the suite in a file. */
export const suiteName = (file: string): string => basename(file).replace(/\.ya?ml$/, '');

/** Suites that could never fail, and what a suite says of all its scenarios. */
function unfit(root: Written, { behaviour, replications, metrics, scenarios }: z.output<typeof suiteSchema>): readonly Problem[] {
  const problems: Problem[] = [];
  if (behaviour === 'any' && replications < fewestForVerdict)
    problems.push(located(root, { path: ['replications'], message: `with behaviour: any only verdicts count, and one takes ${String(fewestForVerdict)} replications` })); // prettier-ignore
  if (behaviour === 'any' && metrics !== undefined && Object.keys(metrics).length === 0)
    problems.push(located(root, { path: ['metrics'], message: 'with behaviour: any only metrics count: name one at least' }));
  scenarios.forEach(({ set }, i) => {
    const own = set.findIndex((each) => /^(replications|results\.detail)=/.test(each));
    if (own >= 0) problems.push(located(root, { path: ['scenarios', i, 'set', own], message: 'the suite says how many replications there are; detail is never written' })); // prettier-ignore
  });
  return problems;
}

function unknownMetrics(root: Written): readonly Problem[] {
  const written = valueAt(root, ['metrics']);
  if (written?.kind !== 'mapping') return [];
  return [...written.entries.keys()]
    .filter((name) => !(summaryMetrics as readonly string[]).includes(name))
    .map((name) =>
      located(root, {
        path: ['metrics', name],
        message: `unknown metric; metrics are columns of summary.csv: ${summaryMetrics.join(', ')}`,
        suggestion: didYouMean(name, summaryMetrics),
        aim: 'key',
      }),
    );
}

/** Reads the scenarios of a suite; a {@link ScenarioError} has every mistake in all of them. */
export function loadCases(suite: Suite, catalog: Catalog): readonly LoadedCase[] {
  const problems: Problem[] = [];
  const loaded: LoadedCase[] = [];
  const names = new Set<string>();
  for (const each of suite.cases) {
    try {
      const decoded = readDecoded(each.file, { set: each.set, catalog });
      const { scenario } = decoded;
      const known = scenario.strategies.map(({ label }) => label);
      const unknown = each.strategies?.filter((label) => !known.includes(label)) ?? [];
      for (const label of unknown)
        problems.push(each.complain(`${scenario.name} has no strategy ${show(label)}; it has ${known.join(', ')}`, 'strategies', didYouMean(label, known))); // prettier-ignore
      const name = each.name ?? scenario.name;
      if (names.has(name.toLowerCase())) problems.push(each.complain(`there is a scenario ${name} before (upper and lower case are one to some file systems): give this one a name of its own`, each.name === undefined ? undefined : 'name')); // prettier-ignore
      names.add(name.toLowerCase());
      const resolved = parseYaml({ kind: 'file', name: '', text: resolvedYaml(decoded, catalog, { folder: dirname(suite.file) }) }).value;
      assert(resolved !== undefined, 'a resolved scenario is YAML');
      loaded.push({
        name,
        line: each.line,
        scenario,
        labels: known.filter((label) => each.strategies?.includes(label) ?? true),
        set: each.set,
        resolved: { ...(plain(resolved) as object), recordings: recordingsOf(decoded.written, each.file) },
        resolvedSha256: sha256(jsonText({ ...scenario, file: '' })),
        sha256: sha256([...textsOf(decoded.written), ...Object.values(recordingsOf(decoded.written, each.file))].sort().join('\n')),
      });
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      problems.push(...error.issues);
    }
  }
  if (problems.length > 0) throw new ScenarioError(problems);
  return loaded;
}

/** SHA-256 of the recordings of traffic that a scenario reads, by their names in it; `file`: whose folder they are named from where no file says them. */
function recordingsOf(value: Written, file: string): Readonly<Record<string, string>> {
  if (value.kind === 'scalar') return {};
  const children = value.kind === 'list' ? value.items : [...value.entries.values()].map((entry) => entry.value);
  const found = Object.assign({}, ...children.map((each) => recordingsOf(each, file))) as Record<string, string>;
  const named = valueAt(value, ['trace', 'file']);
  if (named?.kind === 'scalar' && typeof named.value === 'string')
    found[named.value] = sha256(readFileSync(resolveFrom(named.at.source.kind === 'file' ? named.at.source.name : file, named.value)));
  return found;
}

/** Texts of the files and arguments that values come from. */
function textsOf(value: Written, texts = new Set<string>()): ReadonlySet<string> {
  if (value.at.source.kind !== 'default') texts.add(value.at.source.text);
  if (value.kind === 'list') value.items.forEach((item) => textsOf(item, texts));
  if (value.kind === 'mapping') for (const entry of value.entries.values()) textsOf(entry.value, texts);
  return texts;
}
