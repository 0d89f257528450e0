import { show } from '../base/quantity.ts';
import { didYouMean } from '../base/suggest.ts';
import { pathText, type Problem } from './scenario-error.ts';
import type { Place, Source } from './source.ts';
import { withEntry, type Written, type WrittenMapping } from './written.ts';
import { parseYaml, pollutingKeys } from './yaml.ts';

/** Mappings whose keys are the user's own names: what is not there cannot be reached into. */
const ownNames: ReadonlySet<string> = new Set(['apps', 'groups', 'strategies', 'cluster.zones']);
const mostKeys = 32;

/**
 * Applies one `--set PATH=VALUE` to `root`. PATH is keys and list indices joined by dots (a key that holds dots itself is found as it is, or put in double
 * quotes); VALUE is YAML. Mappings on the way are made where they are missing; the number after the last index of a list adds an item.
 * Reports what is wrong with the argument and then returns `root` as it was; what the schema says of the value it says with the place in the argument.
 */
export function applySet(root: WrittenMapping, argument: string, report: (problem: Problem) => void): WrittenMapping {
  const source: Source = { kind: 'set', name: '--set', text: argument };
  const complain = (offset: number, message: string, path: readonly PropertyKey[] = [], suggestion?: string): Written | undefined => {
    report({ path, message, suggestion, place: { source, offset } });
    return undefined;
  };
  const match = /^((?:"[^"]*"|[^="])+)=/.exec(argument);
  if (!match) {
    complain(0, 'expected PATH=VALUE, such as apps.pay.service.time=20ms');
    return root;
  }
  const written = match[1] ?? '';
  const empty = /^\.|\.\.|\.$/.exec(written.replace(/"[^"]*"/g, (quoted) => 'x'.repeat(quoted.length)));
  if (empty) complain(empty.index, 'a key of the path is empty: two dots stand together, or one at an end');
  const keys = [...written.matchAll(/"([^"]*)"|p99\.9(?=\.|$)|[^."]+/g)].map((key) => ({
    text: key[1] ?? key[0],
    offset: key.index,
  }));
  const given = parseYaml(source, match[0].length);
  for (const problem of given.problems) report({ ...problem, path: [...keys.map((key) => key.text), ...problem.path] });
  if (keys.length === 0 || keys.length > mostKeys) complain(0, `expected a path of 1 to ${String(mostKeys)} keys before the "="`);
  const polluting = keys.find((key) => pollutingKeys.has(key.text));
  if (polluting !== undefined) complain(polluting.offset, `${polluting.text} is not allowed as a key`);
  const layer = keys.find((key, index) => index === 0 && (key.text === 'extends' || key.text === '$schema'));
  if (layer) complain(layer.offset, `${layer.text} is read from files only: it cannot be set`);
  if (empty || layer || given.value === undefined || polluting !== undefined || keys.length === 0 || keys.length > mostKeys) return root;
  const value = given.value;

  const set = (here: Written | undefined, index: number, path: readonly string[]): Written | undefined => {
    const key = keys[index];
    if (key === undefined) return value;
    const keyAt: Place = { source, offset: key.offset };
    if (here === undefined || (here.kind === 'scalar' && here.value === null)) {
      const made = set(undefined, index + 1, [...path, key.text]);
      return made && { kind: 'mapping', entries: new Map([[key.text, { keyAt, value: made }]]), at: keyAt };
    }
    if (here.kind === 'scalar')
      return complain(key.offset, `${pathText(path)} is ${show(here.value)}: there is nothing to set inside it`, path);
    if (here.kind === 'list') {
      const at = /^\d{1,6}$/.test(key.text) ? Number(key.text) : -1;
      if (at < 0 || at > here.items.length)
        return complain(
          key.offset,
          `${pathText(path)} is a list: expected an index from 0 to ${String(here.items.length)}, read ${show(key.text)}`,
          path,
        );
      const item = set(here.items[at], index + 1, [...path, key.text]);
      return item && { ...here, items: [...here.items.slice(0, at), item, ...here.items.slice(at + 1)] };
    }
    const known = [...here.entries.keys()];
    const texts = keys.slice(index).map((each) => each.text);
    const length = texts.findLastIndex((_, end) => here.entries.has(texts.slice(0, end + 1).join('.'))) + 1;
    const name = length === 0 ? key.text : texts.slice(0, length).join('.');
    if (length === 0 && index + 1 < keys.length && ownNames.has(pathText(path))) {
      return complain(
        key.offset,
        `there is no ${show(key.text)} in ${pathText(path)}; known: ${known.join(', ')}`,
        [...path, key.text],
        didYouMean(key.text, known),
      );
    }
    const entry = here.entries.get(name);
    const changed = set(entry?.value, index + Math.max(1, length), [...path, name]);
    return changed && withEntry(here, name, { keyAt, value: changed });
  };
  const changed = set(root, 0, []);
  return changed?.kind === 'mapping' ? changed : root;
}
