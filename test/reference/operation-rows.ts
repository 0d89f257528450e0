import type { Row } from '../../src/metrics/columns.ts';
import { type Failure, isOver, type Operation } from './world.ts';

/** Columns of operations.csv that say what a gate saw: they follow from what was served, which is left out here. */
export const servedColumns = ['gate_success_ratio', 'gate_response_p99_ms'] as const;

/** A row of operations.csv as it is known without serving. */
export function operationRow(operation: Operation, strategy: string): Row {
  const { id, order, by, requested, done, failures, notes } = operation;
  const seconds = (at: number | undefined): number | undefined => (at === undefined ? undefined : at / 1e6);
  const subject =
    order.kind === 'scale'
      ? { app_to: order.app }
      : order.kind === 'reserve'
        ? { app_to: order.holder, group: order.group }
        : order.kind === 'switch'
          ? { app_from: order.from, app_to: order.to, group: order.group }
          : {};
  const reasons = notes.map(([, text]) => text);
  if (failures.length > 0) {
    const fates = counted(failures.map(fateOf));
    reasons.push(
      `${String(failures.length)} of ${String(requested)} slots failed: ${counted(failures.map(({ why }) => why))}; then ${fates}`,
    );
  }
  return {
    operation: id,
    strategy,
    kind: by === 'inspection' ? 'repair' : order.kind,
    ...subject,
    requested,
    done,
    failed: failures.length,
    ordered_s: operation.ordered / 1e6,
    started_s: seconds(operation.started),
    ended_s: isOver(operation) ? seconds(operation.ended) : undefined,
    state: operation.state,
    batches: order.kind === 'switch' ? operation.batches : undefined,
    reason: reasons.length === 0 ? undefined : reasons.join('; '),
  };
}

function fateOf({ then, now }: Failure): string {
  if (then) return `running ${then.name}`;
  if (now.state === 'gone' || now.state === 'leaving') return 'given back';
  return now.state === 'stuck' ? 'still stuck' : 'not running yet';
}

/** `6 a, 2 b`, in the order in which they come first. */
const counted = (texts: readonly string[]): string =>
  [...new Set(texts)].map((text) => `${String(texts.filter((other) => other === text).length)} ${text}`).join(', ');
