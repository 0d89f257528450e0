import { parse } from 'yaml';
import { platformSpec } from '../src/operations/platform.ts';
import { completed } from '../src/scenario/complete.ts';
import { scenarioJsonSchema } from '../src/scenario/json-schema.ts';
import { decodeScenario } from '../src/scenario/decode.ts';
import { anyKit } from '../src/scenario/kit.ts';
import { resolvedYaml } from '../src/scenario/resolved.ts';
import { limitsSchema, pricesSchema, resultsSchema } from '../src/scenario/schema.ts';
import { child, plain, type Written, written } from '../src/scenario/written.ts';
import { hpa } from '../src/strategies/hpa.ts';
import type { StrategyEntry } from '../src/strategies/strategy.ts';

interface Json {
  readonly [key: string]: unknown;
  readonly properties?: Readonly<Record<string, Json>>;
  readonly anyOf?: readonly Json[];
  readonly items?: Json;
  readonly description?: string;
}

/** docs/options.md: every key of a scenario and every option of a strategy, with what it takes, its default and its meaning. */
export function optionsPage(strategies: readonly StrategyEntry[]): string {
  const whole = scenarioJsonSchema({ strategies }) as Json;
  const definitions = whole['definitions'] as Readonly<Record<string, Json>>;
  const part = (name: string): Json => whole.properties?.[name] as Json;
  const sections = [
    section('cluster', 'The nodes and their zones.', part('cluster'), builtInOf('cluster')),
    section('apps.NAME', 'An application; the same under `defaults` for all of them.', definitions['app'], builtInOf('apps', 'any')),
    section('platform', 'What carries orders out; every label of `strategies` may hold the same keys for itself.', definitions['platform'], completed(written({}), platformSpec(anyKit.time()))),
    section('prices', 'What the cost is reckoned by.', part('prices'), completed(written({}), pricesSchema)),
    section('results', 'What is written.', part('results'), completed(written({}), resultsSchema)),
    section('limits', 'Where a run is stopped.', part('limits'), completed(written({}), limitsSchema)),
    ...strategies.map((entry) => section(`strategies.${entry.name}`, `${entry.summary}.`, withoutPlatform(definitions[`strategy-${entry.name}`]), completed(written({}), entry.options(anyKit)))),
  ]; // prettier-ignore
  return `# Keys of a scenario and options of strategies

Generated from the schemas by \`npm run generate\`. A default of \`—\`: there is none, the key may be left out or, where the meaning does not say what then, must be given.
Quantities carry their unit (\`500m\` cores, \`2Gi\`, \`15s\`, \`75%\`, \`120000/s\`); a duration may be a law (\`{ median: 20s, p99: 60s }\`) where its default is one of those.
The source of a default stands in brackets behind the meaning. \`fenshi validate FILE --resolved\` shows the values of a scenario, each with its origin.

${sections.join('\n')}`;
}

/** Built-in values of a section of a scenario that gives as little as it may. */
function builtInOf(...path: readonly string[]): Written | undefined {
  const text =
    'name: least\nstart: 2019-11-11T00:00:00+08:00\nhorizon: 1h\ncluster: { nodes: 1, node: { cpu: 32, memory: 128Gi } }\napps: { any: { traffic: { constant: 1/s }, service: { time: 10ms, timeout: 1s }, pod: { cpu: 4, memory: 8Gi } } }\nstrategies: { hpa: {} }\n';
  const resolved = resolvedYaml(decodeScenario({ file: 'least.yaml', text }, { strategies: [hpa] }), { strategies: [hpa] });
  // Each value is followed by its origin.
  const lines = resolved.split('\n').filter((line) => !/ {2}# (?!default)/.test(line));
  return path.reduce<Written | undefined>(child, written(parse(lines.join('\n'))));
}

const withoutPlatform = ({ properties = {}, ...rest }: Json = {}): Json => ({
  ...rest,
  properties: Object.fromEntries(Object.entries(properties).filter(([key, value]) => key !== 'use' && !('$ref' in value))),
});

function section(name: string, text: string, json: Json = {}, defaults: Written | undefined): string {
  const rows = rowsOf(objectIn(json) ?? {}, defaults, '');
  const table =
    rows.length === 0 ? 'It takes no options.\n' : `| key | default | takes | meaning |\n|---|---|---|---|\n${rows.join('\n')}\n`;
  return `## ${name}\n\n${text}\n\n${table}`;
}

/** The mapping that a schema describes, where it does. */
const objectIn = (json: Json): Json | undefined =>
  json.properties === undefined ? json.anyOf?.find((each) => each.properties !== undefined) : json;

function rowsOf({ properties = {} }: Json, defaults: Written | undefined, above: string): readonly string[] {
  return Object.entries(properties).flatMap(([key, json]) => {
    const path = above + key;
    const value = child(defaults, key);
    // What may also be one value, such as a duration that may be a law, is one row.
    const single =
      json['examples'] !== undefined || json.anyOf?.some((each) => each.properties === undefined && each['type'] !== 'null') === true;
    const inner = single ? undefined : objectIn(json);
    const nested =
      inner === undefined ? rowsOf(objectIn(json.items ?? {}) ?? {}, undefined, `${path}[].`) : rowsOf(inner, value, `${path}.`);
    if (inner !== undefined && json.description === undefined && takes(json) === '') return nested;
    const shown = value === undefined || inner !== undefined ? '—' : `\`${JSON.stringify(plain(value)).replaceAll('"', '')}\``;
    return [`| \`${path}\` | ${cell(shown)} | ${cell(takes(json))} | ${cell(json.description ?? '')} |`, ...nested];
  });
}

/** What a key takes, in a few words. */
function takes(json: Json): string {
  const {
    enum: values,
    type,
    examples,
    minimum,
    maximum,
    anyOf,
  } = json as Json & {
    readonly enum?: readonly unknown[];
    readonly type?: string;
    readonly examples?: readonly unknown[];
    readonly minimum?: number;
    readonly maximum?: number;
  };
  if (values !== undefined) return values.map((value) => `\`${String(value)}\``).join(', ');
  if (json['const'] !== undefined) return `\`${json['const'] as string}\``;
  if (anyOf !== undefined) return [...new Set(anyOf.filter((each) => each['type'] !== 'null').map(takes))].filter(Boolean).join(' or ');
  if (type === 'integer') return minimum === undefined && maximum === undefined ? 'a whole number' : `a whole number${minimum === undefined ? '' : ` from ${String(minimum)}`}${maximum === undefined || maximum >= 1e7 ? '' : ` to ${String(maximum)}`}`; // prettier-ignore
  if (type === 'boolean') return '`true`, `false`';
  if (type === 'array') return 'a list';
  if (type === 'number') return 'a number';
  if (examples !== undefined) return examples.map((example) => `\`${String(example)}\``).join(', ');
  return json.properties === undefined && json['additionalProperties'] !== undefined && json['additionalProperties'] !== false
    ? 'by name'
    : '';
}

const cell = (text: string): string => text.replaceAll('|', String.raw`\|`).replaceAll('\n', ' ');
