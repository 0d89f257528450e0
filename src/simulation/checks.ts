import type { Time } from '../base/units.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { LoadMeter } from '../metrics/load-meter.ts';
import type { Demand } from './demand.ts';

/** A law that must hold at the end of every run. Legal states, capacities of nodes and slots are checked at every change besides. */
export interface Check {
  readonly name: string;
  readonly held: boolean;
  /** The numbers that were compared, where it did not hold. */
  readonly detail: string;
}

const tolerance = 1e-9;

/** How many there are: a run with fewer has not been checked. */
export const checkCount = 5;

/** Conservation, causes, use and slots at `end`. */
export function checksOf(end: Time, cluster: Cluster, meters: readonly LoadMeter[], demands: readonly Demand[]): readonly Check[] {
  const failures = { conservation: '', offered: '', causes: '', use: '', slots: '' };
  cluster.apps.forEach((app, index) => {
    const meter = meters[index] as LoadMeter;
    meter.total.forEach((tally, zone) => {
      const name = `${app.name} in ${cluster.spec.zones[zone]?.name ?? ''}`;
      const accounted = tally.served + tally.rejected + tally.timedOut + tally.lost + meter.service.backlog(zone);
      if (!close(tally.offered, accounted))
        failures.conservation ||= `${name}: ${String(tally.offered)} attempts, ${String(accounted)} accounted for`;
      const unserved = tally.rejected + tally.timedOut + tally.lost;
      const causes = tally.unserved.reduce((sum, amount) => sum + amount, 0);
      if (!close(unserved, causes, tally.offered)) failures.causes ||= `${name}: ${String(unserved)} unserved, ${String(causes)} by cause`;
    });
    const sum = meter.sum(end);
    const offered = (demands[index] as Demand).truth.integral(0 as Time, end);
    if (!close(sum.offered, offered)) failures.offered ||= `${app.name}: ${String(sum.offered)} attempts of ${String(offered)} offered`;
    const limited = (cluster.ledger.apps[index] as Cluster['ledger']['apps'][number]).limited.integral(end) / 1e9;
    if (sum.usedCoreSeconds > limited * (1 + tolerance))
      failures.use ||= `${app.name}: used ${String(sum.usedCoreSeconds)} of ${String(limited)} core-seconds in limits`;
  });
  for (const slot of cluster.slots) {
    const running = slot.tenants.filter((tenant) => tenant.state === 'running').length;
    if (slot.state === 'steady' && running !== 1)
      failures.slots ||= `slot ${String(slot.id)} is steady with ${String(running)} running tenants`;
  }
  const names: Readonly<Record<keyof typeof failures, string>> = {
    conservation: 'attempts = served + rejected + timed out + lost + backlog, per app and zone',
    offered: 'attempts = integral of the offered rate, per app',
    causes: 'causes of unserved attempts add up, per app and zone',
    use: 'CPU used is within the limits in force, per app',
    slots: 'a steady slot has exactly one running tenant',
  };
  return (Object.keys(names) as (keyof typeof failures)[]).map((key) => ({
    name: names[key],
    held: failures[key] === '',
    detail: failures[key],
  }));
}

/** Whether two sums agree to 1e-9 of the larger one, or of `scale`. */
function close(a: number, b: number, scale = 0): boolean {
  return Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b), scale);
}
