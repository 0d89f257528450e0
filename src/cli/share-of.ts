import { UsageError } from './usage-error.ts';

/** `2%` as a ratio; `range`: what it may be, in words. */
export async function shareOf(option: string, text: string, range = '0% or more'): Promise<number> {
  const { parseShare } = await import('../index.ts');
  const parsed = parseShare(text);
  if (typeof parsed !== 'number') throw new UsageError(`--${option}: read "${text}": ${parsed.error}; it is ${range}`);
  return parsed;
}
