import { UsageError } from './usage-error.ts';

/** `2%` as a ratio. */
export async function shareOf(option: string, text: string): Promise<number> {
  const { parseShare } = await import('../index.ts');
  const parsed = parseShare(text);
  if (typeof parsed !== 'number') throw new UsageError(`--${option}: read "${text}": ${parsed.error}`);
  return parsed;
}
