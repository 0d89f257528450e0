import { InvariantError } from '../base/assert.ts';
import type { Time } from '../base/units.ts';
import type { Ledger } from './ledger.ts';
import type { Node } from './node.ts';
import type { Pod } from './pod.ts';

/** CPU that a starting pod on `node` uses from now on, millicores: what is beyond its limit raises the limit, out of what nothing on the node has reserved. */
export function setStartCpu(ledger: Ledger, at: Time, node: Node, pod: Pod, millicores: number): void {
  if (millicores === pod.startCpu) return;
  const burst = Math.max(0, millicores - (pod.limits.millicores - pod.burst));
  const raise = burst - pod.burst;
  node.burstMillicores += raise;
  if (raise > 0 && node.reservedMillicores + node.burstMillicores > node.millicores)
    throw new InvariantError(`bursts on node ${node.name} take ${String(node.burstMillicores)} millicores, more than is not reserved`);
  node.limitedMillicores += raise;
  ledger.add(at, pod.app, node, 'limited', raise);
  ledger.add(at, pod.app, node, 'starting', millicores - pod.startCpu);
  pod.startCpu = millicores;
  pod.burst = burst;
  pod.limits = { ...pod.limits, millicores: pod.limits.millicores + raise };
}
