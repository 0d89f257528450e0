import { z } from 'zod';
import { show } from '../base/quantity.ts';

export type Labels = Readonly<Record<string, string>>;

/** One requirement on a node's labels (upstream: NodeSelectorRequirement; `=` and `!=` are In and NotIn with one value). */
export interface Requirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt';
  readonly values: readonly string[];
}

/** All of the requirements must hold. */
export type LabelSelector = readonly Requirement[];

/** Whether labels meet every requirement. `Gt` and `Lt` compare whole numbers, and fail where the label is none; `NotIn` holds where the label is absent (upstream: labels.Requirement.Matches). */
export const matches = (selector: LabelSelector, labels: Labels): boolean => selector.every((requirement) => meets(requirement, labels));

function meets({ key, operator, values }: Requirement, labels: Labels): boolean {
  const label = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'Exists':
      return label !== undefined;
    case 'DoesNotExist':
      return label === undefined;
    case 'In':
      return label !== undefined && values.includes(label);
    case 'NotIn':
      return label === undefined || !values.includes(label);
    case 'Gt':
    case 'Lt': {
      if (label === undefined || !wholeNumber.test(label)) return false;
      const [have, than] = [Number(label), Number(values[0])];
      return operator === 'Gt' ? have > than : have < than;
    }
  }
}

const wholeNumber = /^-?\d{1,15}$/;
const key = String.raw`([A-Za-z0-9][\w./-]{0,252})`;
const value = String.raw`([\w.-]{0,63})`;
const forms: readonly (readonly [RegExp, (match: RegExpExecArray) => Omit<Requirement, 'key'>])[] = [
  [new RegExp(`^${key} in \\(([^()]*)\\)$`), (match) => ({ operator: 'In', values: list(match[2]) })],
  [new RegExp(`^${key} notin \\(([^()]*)\\)$`), (match) => ({ operator: 'NotIn', values: list(match[2]) })],
  [new RegExp(`^${key} ?!= ?${value}$`), (match) => ({ operator: 'NotIn', values: [match[2] ?? ''] })],
  [new RegExp(`^${key} ?==? ?${value}$`), (match) => ({ operator: 'In', values: [match[2] ?? ''] })],
  [new RegExp(`^${key} ?> ?(-?\\d{1,15})$`), (match) => ({ operator: 'Gt', values: [match[2] ?? ''] })],
  [new RegExp(`^${key} ?< ?(-?\\d{1,15})$`), (match) => ({ operator: 'Lt', values: [match[2] ?? ''] })],
  [new RegExp(`^${key}$`), () => ({ operator: 'Exists', values: [] })],
];

const listed = new RegExp(`^${value}$`);
const list = (text = ''): readonly string[] => text.split(',').map((item) => item.trim());

/** A selector as kubectl writes it: requirements separated by commas, `disk=ssd, cores>32, zone in (hz-a, hz-b), !gpu`. */
export const selectorSchema = () =>
  z
    .string({ error: (issue) => `read ${show(issue.input)}: ${expected}` })
    .meta({
      description: 'labels of a node: key=value, key!=value, key in (a, b), key notin (a, b), key, !key, key>5, key<5; all of them',
      examples: ['disk=ssd'],
    }) // prettier-ignore
    .transform((text, context): LabelSelector => {
      const parts = text.split(/,(?![^(]*\))/).map((part) => part.trim());
      const read = parts.map(requirement);
      const wrong = read.indexOf(undefined);
      if (wrong < 0) return read as readonly Requirement[];
      context.addIssue({ code: 'custom', message: `read ${show(parts[wrong])}: ${expected}`, input: text });
      return z.NEVER;
    });

const expected = 'expected labels such as disk=ssd, "zone in (hz-a, hz-b)", !gpu or cores>32';

function requirement(text: string): Requirement | undefined {
  if (text.startsWith('!')) {
    const [, name] = new RegExp(`^! ?${key}$`).exec(text) ?? [];
    return name === undefined ? undefined : { key: name, operator: 'DoesNotExist', values: [] };
  }
  for (const [form, rest] of forms) {
    const match = form.exec(text);
    const values = match?.[2] === undefined || !text.endsWith(')') ? [] : list(match[2]);
    if (values.some((each) => !listed.test(each))) return undefined;
    if (match) return { key: match[1] ?? '', ...rest(match) };
  }
  return undefined;
}
