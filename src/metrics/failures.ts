import type { SlotFailure } from '../cluster/slot.ts';
import type { Operation } from '../operations/operation.ts';

/**
 * Why slots of an operation failed and what became of them until now, as its reason says it:
 * `8 of 480 slots failed: 8 node lost; then 6 running pay, 2 not running yet`. Undefined where none did.
 */
export function failureText({ failures, requested }: Operation, app: (index: number) => string): string | undefined {
  if (failures.size === 0) return undefined;
  const all = [...failures.values()];
  const fate = ({ then, slot }: SlotFailure): string => {
    if (then !== undefined) return `running ${app(then)}`;
    return slot.state === 'gone' || slot.state === 'leaving' ? 'given back' : slot.state === 'stuck' ? 'still stuck' : 'not running yet';
  };
  return `${String(failures.size)} of ${String(requested)} slots failed: ${counted(all.map(({ why }) => why))}; then ${counted(all.map(fate))}`;
}

/** `6 a, 2 b`, in the order in which they come first. */
function counted(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].map(([text, count]) => `${String(count)} ${text}`).join(', ');
}
