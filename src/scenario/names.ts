import { z } from 'zod';
import { show } from '../base/quantity.ts';

const pattern = /^\p{L}[\p{L}\p{M}\p{N}._-]{0,62}$/u;

/** Why `text` cannot name an app, a group, a zone, a strategy's label or a scenario, or undefined where it can. Names become columns, folders and paths of `--set`. */
export function complaintAboutName(text: string): string | undefined {
  if (pattern.test(text)) return undefined;
  const length = Array.from(text).length;
  const reason =
    length === 0
      ? 'it is empty'
      : length > 63
        ? `it has ${String(length)} characters`
        : !/^\p{L}/u.test(text)
          ? 'it does not begin with a letter'
          : `it holds ${show(/[^\p{L}\p{M}\p{N}._-]/u.exec(text)?.[0])}`;
  return `a name is 1 to 63 letters, digits, ".", "_" or "-" and begins with a letter; ${reason}`;
}

/** A name: 1 to 63 characters, letters of any script first, then letters, digits, `.`, `_`, `-`. */
export const nameSchema = () =>
  z
    .string({ error: (issue) => `read ${show(issue.input)}: expected a name` })
    .refine((text) => complaintAboutName(text) === undefined, {
      error: (issue) => `read ${show(issue.input)}: ${complaintAboutName(String(issue.input)) ?? ''}`,
    })
    .meta({ pattern: String.raw`^\p{L}[\p{L}\p{M}\p{N}._-]{0,62}$` });
