import type { z } from 'zod';
import { show } from '../base/quantity.ts';
import { didYouMean } from '../base/suggest.ts';
import type { Problem } from './scenario-error.ts';
import { placeOf, plain, type Written, valueAt } from './written.ts';

/** Where decoding collects what is wrong. */
export type Report = (problem: Problem) => void;

/** Decodes the value at `path` of `root`; every mistake is reported in fenshi's words, at its place. Undefined where there was one. */
export function decodeAt<T>(
  schema: z.ZodType<T>,
  root: Written,
  path: readonly PropertyKey[],
  report: Report,
  extraKeys: readonly string[] = [],
): T | undefined {
  const at = valueAt(root, path);
  const dictionary = new Dictionary(extraKeys);
  const result = schema.safeParse(at === undefined ? undefined : plain(at), { error: dictionary.message, reportInput: true });
  if (result.success) return result.data;
  for (const issue of result.error.issues)
    for (const found of dictionary.explain(issue)) report(located(root, { ...found, path: [...path, ...found.path] }));
  return undefined;
}

/** The same problem with its place; what is missing is pointed at from above, and a built-in default is named, since the reader cannot see it. */
export function located(root: Written, { path, message, suggestion, aim = 'value' }: Unlocated): Problem {
  const value = valueAt(root, path);
  const byDefault = value?.kind === 'scalar' && value.at.source.kind === 'default' ? ` (by default ${String(value.value)})` : '';
  const read = value?.kind === 'scalar' && message.startsWith('must ') ? `read ${show(value.value)}: ` : '';
  const said = value === undefined ? message.replace(/^read nothing: /, 'missing: ') : read + message;
  return { path, message: said + byDefault, suggestion, place: placeOf(root, path, aim) };
}

interface Unlocated {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly suggestion?: string | undefined;
  readonly aim?: 'value' | 'key';
}

type ZodIssue = z.core.$ZodIssue;
type RawIssue = z.core.$ZodRawIssue;

/** fenshi's words for what zod finds; the words of a schema's own author come first. */
class Dictionary {
  readonly #extraKeys: readonly string[];

  constructor(extraKeys: readonly string[]) {
    this.#extraKeys = extraKeys;
  }

  readonly message = (issue: RawIssue): string | undefined => {
    switch (issue.code) {
      case 'invalid_type':
        return `read ${show(issue.input)}: expected ${this.#expected(issue)}`;
      case 'invalid_value':
        return `read ${show(issue.input)}: expected ${oneOf(issue.values.map(String))}`;
      case 'unrecognized_keys':
        return `unknown key; known keys: ${this.#keys(issue).join(', ')}`;
      case 'too_small':
        return issue.origin === 'array'
          ? `expected at least ${entries(issue.minimum)}`
          : `read ${show(issue.input)}: must be ${issue.inclusive === false ? 'greater than' : 'at least'} ${String(issue.minimum)}`;
      case 'too_big':
        return issue.origin === 'array'
          ? `expected at most ${entries(issue.maximum)}`
          : `read ${show(issue.input)}: must be ${issue.inclusive === false ? 'less than' : 'at most'} ${String(issue.maximum)}`;
      case 'invalid_format':
        return `read ${show(issue.input)}: expected ${issue.format}`;
      case 'not_multiple_of':
        return `read ${show(issue.input)}: expected a multiple of ${String(issue.divisor)}`;
      default:
        return undefined;
    }
  };

  /** One issue of zod as one or more of ours: one for each unknown key, the most telling branch of a union. */
  explain(issue: ZodIssue): readonly Unlocated[] {
    switch (issue.code) {
      case 'unrecognized_keys': {
        // The schema is not part of the issue: what it knows is read from the message, which says it in these words wherever it was made.
        const [, what = 'keys', list = ''] = /known (\w+): ([^;]*)/.exec(issue.message) ?? [];
        const known = list.split(', ');
        return issue.keys.map((key) => ({
          path: [...issue.path, key],
          message: `unknown ${what.replace(/s$/, '')}; known ${what}: ${list}`,
          suggestion: didYouMean(key, known),
          aim: 'key',
        }));
      }
      case 'invalid_key':
        return issue.issues
          .slice(0, 1)
          .flatMap((inner) => this.explain({ ...inner, path: issue.path }))
          .map((found) => ({ ...found, aim: 'key' as const }));
      case 'invalid_value': {
        const suggestion = typeof issue.input === 'string' ? didYouMean(issue.input, issue.values.map(String)) : undefined;
        return [{ path: issue.path, message: issue.message, suggestion }];
      }
      case 'invalid_union': {
        const branch = bestBranch(issue.errors);
        if (branch.length === 0) return [{ path: issue.path, message: `read ${show(issue.input)}: is none of the forms allowed here` }];
        return branch.flatMap((inner) => this.explain(inner)).map((found) => ({ ...found, path: [...issue.path, ...found.path] }));
      }
      case 'custom': {
        const suggestion: unknown = issue.params?.['suggestion'];
        return [{ path: issue.path, ...withoutHint(issue.message), ...(typeof suggestion === 'string' ? { suggestion } : {}) }];
      }
      default:
        return [{ path: issue.path, ...withoutHint(issue.message) }];
    }
  }

  /** Keys that may stand where the issue is: the extra ones beside the outermost only. */
  #keys({ inst, path }: RawIssue): readonly string[] {
    return [...keysOf(inst), ...((path?.length ?? 0) === 0 ? this.#extraKeys : [])];
  }

  #expected(issue: Extract<RawIssue, { code: 'invalid_type' }>): string {
    const keys = this.#keys(issue);
    switch (issue.expected) {
      case 'object':
      case 'record':
        return keys.length > 0 ? `a mapping with ${keys.join(', ')}` : 'a mapping';
      case 'array':
      case 'tuple':
        return 'a list';
      case 'string':
        return 'text';
      case 'boolean':
        return 'true or false';
      case 'int':
        return 'a whole number';
      default:
        return `a ${issue.expected}`;
    }
  }
}

/** A message that ends in its own `did you mean`, taken apart: the hint stands under the caret. */
function withoutHint(text: string): { readonly message: string; readonly suggestion?: string } {
  const [, message, suggestion] = /^(.*?)[;,.]? did you mean "([^"]+)"\?$/s.exec(text) ?? [];
  return message === undefined || suggestion === undefined ? { message: text } : { message, suggestion };
}

/** The branch of a union that the value was most likely meant for: one whose kind of value fits, then the one that got furthest with the fewest mistakes. */
function bestBranch(branches: readonly (readonly ZodIssue[])[]): readonly ZodIssue[] {
  let best: readonly ZodIssue[] = [];
  let bestScore = -Infinity;
  for (const issues of branches) {
    const wrongKind = issues.some((issue) => issue.path.length === 0 && issue.code === 'invalid_type');
    const score = (wrongKind ? -1000 : 0) + Math.max(0, ...issues.map((issue) => issue.path.length)) * 10 - issues.length;
    if (issues.length > 0 && score > bestScore) [best, bestScore] = [issues, score];
  }
  return best;
}

const entries = (size: number | bigint): string => (Number(size) === 1 ? 'one entry' : `${String(size)} entries`);

/** `a`, `a or b`, `a, b or c`. */
export const oneOf = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;

/** Keys of the mapping that a schema describes, looking through transforms and defaults; none where it is no mapping. */
export function keysOf(schema: unknown): readonly string[] {
  const def = (schema as z.core.$ZodType | undefined)?._zod.def as
    { readonly shape?: object; readonly in?: unknown; readonly innerType?: unknown } | undefined;
  if (def?.shape !== undefined) return Object.keys(def.shape);
  const inner = def?.in ?? def?.innerType;
  return inner === undefined ? [] : keysOf(inner);
}
