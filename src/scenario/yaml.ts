import { Alias, Composer, type Document, isMap, isScalar, isSeq, Lexer, type ParsedNode, Parser, type YAMLError } from 'yaml';
import { show } from '../base/quantity.ts';
import type { Problem } from './scenario-error.ts';
import { lineAndColumn, type Place, type Source } from './source.ts';
import type { Scalar, Written, WrittenEntry } from './written.ts';

/** Deepest nesting of a scenario. The `yaml` package recurses when it composes and can abort the process on deep input, so the depth is checked before. */
const deepest = 64;
/** Most values of a scenario, those behind aliases counted at each use. */
const mostValues = 200_000;

/** Keys that would reach the prototype of a plain object. */
export const pollutingKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** What a text holds; `value` is absent where there are issues. */
export interface ParsedText {
  readonly value: Written | undefined;
  readonly problems: readonly Problem[];
}

/**
 * Reads YAML 1.2 (core schema) from `source`, beginning at `from`: one document of mappings with text keys, lists and plain scalars. Refused, with their place:
 * syntax errors, several documents, directives, tags, duplicate keys, keys that are not text or would reach an object's prototype, merge keys, unknown and
 * cyclic aliases, numbers that JavaScript cannot hold exactly, nesting beyond 64 levels, more than 200,000 values.
 */
export function parseYaml(source: Source, from = 0): ParsedText {
  const text = source.text.slice(from);
  const problems: Problem[] = [];
  const complain = (offset: number, message: string, path: readonly PropertyKey[] = []): void => {
    problems.push({ path, message, place: { source, offset: from + offset } });
  };
  const documents = compose(text, complain);
  const [document] = documents;
  if (documents.length > 1) complain(documents[1]?.range[0] ?? 0, 'a second document begins here: a scenario is one document');
  for (const error of onePerLine(source, from, document?.errors ?? [])) complain(error.pos[0], syntaxMessage(error));
  if (problems.length > 0 || document === undefined) return { value: undefined, problems };
  const value = new Copy({ place: (offset) => ({ source, offset: from + offset }), complain }).copy(document.contents);
  return { value: problems.length > 0 ? undefined : value, problems };
}

/** Lexes, parses and composes, stopping before the composer where the nesting is too deep or a directive would change the language. */
function compose(text: string, complain: (offset: number, message: string) => void): readonly Document.Parsed[] {
  const parser = new Parser();
  const tokens = [];
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    // The stack holds the document as well.
    if (parser.stack.length > deepest + 1) {
      complain(parser.offset, `nested more than ${String(deepest)} levels deep`);
      return [];
    }
  }
  for (const token of parser.end()) tokens.push(token);
  const directive = tokens.find((token) => token.type === 'directive');
  if (directive) {
    complain(directive.offset, 'directives such as %YAML are not supported');
    return [];
  }
  // Duplicate keys are found below: the package compares every key with every other.
  const composer = new Composer({
    version: '1.2',
    schema: 'core',
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  return [...composer.compose(tokens, true, text.length)] as Document.Parsed[];
}

/** Copies the package's nodes to {@link Written}. Values behind an alias are shared, not expanded, and counted at each use. */
class Copy {
  readonly #place: (offset: number) => Place;
  readonly #complain: (offset: number, message: string, path?: readonly PropertyKey[]) => void;
  readonly #anchors = new Map<string, Copied | 'open'>();
  #stopped = false;

  constructor(ports: {
    readonly place: (offset: number) => Place;
    readonly complain: (offset: number, message: string, path?: readonly PropertyKey[]) => void;
  }) {
    this.#place = ports.place;
    this.#complain = ports.complain;
  }

  copy(node: ParsedNode | null): Written {
    return this.#node(node, 0, []).value;
  }

  /** `offset` is where an absent node would stand. Recursion is bounded: the parser refused deep nesting. */
  #node(node: ParsedNode | null, offset: number, path: readonly PropertyKey[]): Copied {
    if (node === null || this.#stopped) return { value: { kind: 'scalar', value: null, at: this.#place(offset) }, values: 1, depth: 1 };
    const start = node.range[0];
    if (node instanceof Alias) return this.#alias(node.source, start, path);
    if (node.tag !== undefined) this.#complain(start, 'tags such as !!str are not supported: quote what is to be text', path);
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, 'open');
    const copied = this.#collection(node, start, path);
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, copied);
    return this.#limited(copied, start, path);
  }

  /** Stops the copy where there is too much of it. */
  #limited(copied: Copied, start: number, path: readonly PropertyKey[]): Copied {
    if (this.#stopped || (copied.values <= mostValues && copied.depth <= deepest)) return copied;
    this.#stopped = true;
    this.#complain(
      start,
      copied.depth > deepest
        ? `nested more than ${String(deepest)} levels deep through aliases`
        : `more than ${String(mostValues)} values, aliases counted at each use`,
      path,
    );
    return copied;
  }

  #alias(name: string, start: number, path: readonly PropertyKey[]): Copied {
    const target = this.#anchors.get(name);
    if (target !== undefined && target !== 'open') return target;
    this.#complain(
      start,
      target === 'open' ? `this alias stands inside its own anchor ${show(name)}` : `there is no anchor ${show(name)} before this alias`,
      path,
    );
    return this.#node(null, start, path);
  }

  #collection(node: Exclude<ParsedNode, Alias>, start: number, path: readonly PropertyKey[]): Copied {
    const at = this.#place(start);
    let values = 1;
    let depth = 0;
    const add = (copied: Copied): Written => {
      values += copied.values;
      depth = Math.max(depth, copied.depth);
      return copied.value;
    };
    if (isScalar(node))
      return { value: { kind: 'scalar', value: this.#scalar(node.value, node.source, start, path), at }, values, depth: 1 };
    if (isSeq(node)) {
      const items = node.items.map((item, index) => add(this.#node(item, start, [...path, index])));
      return { value: { kind: 'list', items, at }, values, depth: depth + 1 };
    }
    const entries = new Map<string, WrittenEntry>();
    // The package's types leave out that a key or a value may be absent.
    const pairs: readonly { readonly key: ParsedNode | null; readonly value: ParsedNode | null }[] = isMap(node) ? node.items : [];
    for (const { key, value } of pairs) {
      const name = this.#key(key, entries, path, start);
      if (name !== undefined)
        entries.set(name, {
          keyAt: this.#place(key?.range[0] ?? start),
          value: add(this.#node(value, key?.range[1] ?? start, [...path, name])),
        });
    }
    return { value: { kind: 'mapping', entries, at }, values, depth: depth + 1 };
  }

  #key(
    key: ParsedNode | null,
    entries: ReadonlyMap<string, WrittenEntry>,
    path: readonly PropertyKey[],
    start: number,
  ): string | undefined {
    const offset = key?.range[0] ?? start;
    if (!isScalar(key) || typeof key.value !== 'string') {
      const read =
        key === null || (isScalar(key) && key.value === null)
          ? 'nothing'
          : isScalar(key)
            ? `${key.source}: write it in quotes if it is a name`
            : key instanceof Alias
              ? 'an alias'
              : 'a list or a mapping';
      this.#complain(offset, `keys are text, but this one is ${read}`, path);
      return undefined;
    }
    const name = key.value;
    if (key.tag !== undefined || key.anchor !== undefined) this.#complain(offset, 'a key has no tag and no anchor', [...path, name]);
    else if (name === '<<')
      this.#complain(
        offset,
        'merge keys (<<) are not supported: an alias repeats a whole value, `defaults` holds what apps have in common',
        path,
      );
    else if (pollutingKeys.has(name)) this.#complain(offset, `${name} is not allowed as a key`, path);
    else if (entries.has(name))
      this.#complain(
        offset,
        `is there twice: first in line ${String(lineAndColumn(entries.get(name)?.keyAt ?? this.#place(offset)).line)}`,
        [...path, name],
      );
    else return name;
    return undefined;
  }

  #scalar(value: unknown, text: string | undefined, start: number, path: readonly PropertyKey[]): Scalar {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value === 'number') {
      const problem = !Number.isFinite(value)
        ? 'is not a finite number'
        : Number.isInteger(value) && !Number.isSafeInteger(value)
          ? 'is too large to be held exactly'
          : undefined;
      if (problem !== undefined) this.#complain(start, `read ${show(text ?? value).replaceAll('"', '')}: ${problem}`, path);
      return value;
    }
    // Only a tag makes anything else of a scalar, and tags are refused.
    return null;
  }
}

interface Copied {
  readonly value: Written;
  /** Values in it, itself included. */
  readonly values: number;
  readonly depth: number;
}

/** The first error of each line: what follows on the same line is mostly its consequence. */
function onePerLine(source: Source, from: number, errors: readonly YAMLError[]): readonly YAMLError[] {
  const lines = new Map<number, YAMLError>();
  for (const error of errors) {
    const { line } = lineAndColumn({ source, offset: from + error.pos[0] });
    if (!lines.has(line)) lines.set(line, error);
  }
  return [...lines.values()];
}

/** The package's complaint in words that say what to do. */
function syntaxMessage({ code, message }: YAMLError): string {
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'a tab is used as indentation: use spaces';
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY':
      return 'a key inside a plain value: check the indentation of this line and the next, or quote text that contains ": "';
    case 'BAD_SCALAR_START':
      return `${message.replace(/^Plain value/, 'plain text').replace(/(?:reserved|directive indicator) character /, '')}: quote it`;
    case 'MISSING_CHAR':
      if (message.startsWith('Implicit map keys')) return 'expected "key: value": the colon, or the space after it, is missing';
      if (message.startsWith('Missing closing')) return 'this quote is never closed';
      break;
    case 'BAD_INDENT':
      if (message.startsWith('Flow map')) return 'a { opened before is not closed by a } here';
      if (message.startsWith('Flow sequence')) return 'a [ opened before is not closed by a ] here';
      break;
    default:
  }
  return `is not YAML: ${message.charAt(0).toLowerCase()}${message.slice(1, 160)}`;
}
