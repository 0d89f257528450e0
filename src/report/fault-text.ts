import { clockLabel } from '../base/wall-clock.ts';
import { nodeCount } from '../cluster/specs.ts';
import { type Fault, isNodeFault } from '../operations/fault-spec.ts';
import { spanText } from '../scenario/kit.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { fixed } from './numbers.ts';

/** A fault as a sentence says it: `node-loss of 2 of 128 nodes at 23:57:20 for 20m`, `agent-down of each of 128 nodes every 100000h for 2m`. */
export function faultText(fault: Fault, { cluster, calendar }: Scenario): string {
  const length = `for ${spanText(fault.for.median)}${fault.for.sigma > 0 ? ' in the median' : ''}`;
  const percent = (ratio: number): string => `${fixed(ratio * 100, ratio < 0.1 ? 1 : 0)} %`;
  const when = 'at' in fault.begins ? `at ${clockLabel(fault.begins.at, calendar)}` : `every ${spanText(fault.begins.mtbf)} in the mean`;
  if (isNodeFault(fault)) {
    const all = nodeCount(cluster);
    const nodes = `${'at' in fault.begins ? '' : 'each of '}${fault.nodes.length === all ? `${fixed(all)} nodes` : `${fixed(fault.nodes.length)} of ${fixed(all)} nodes`}`;
    return `${fault.kind} of ${nodes}${fault.speed < 1000 ? ` to ${percent(fault.speed / 1000)}` : ''} ${when} ${length}`;
  }
  if (fault.kind === 'push-loss')
    return `push-loss of ${percent(fault.share)}${fault.apps ? ` of ${fault.apps.join(', ')}` : ''} ${when} ${length}`;
  return `${fault.kind}${fault.kind === 'slow-registry' ? ` to ${percent(fault.speed / 1000)}` : ''} ${when} ${length}`;
}
