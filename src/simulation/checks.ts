import type { Time } from '../base/units.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { LoadMeter } from '../metrics/load-meter.ts';
import type { Generation, RetryBooks } from '../serving/retries.ts';
import { attemptsOf, sumOf, type Tally } from '../serving/tally.ts';
import type { Demand } from './demand.ts';

/** A law that must hold at the end of every run. Legal states, capacities of nodes and slots are checked at every change besides. */
export interface Check {
  readonly name: string;
  readonly held: boolean;
  /** The numbers that were compared, where it did not hold. */
  readonly detail: string;
}

const tolerance = 1e-9;

/** How many there are at least: a run with fewer has not been checked. */
export const checkCount = 7;

/** Conservation, causes, use and slots at `end`. */
export function checksOf(
  end: Time,
  cluster: Cluster,
  meters: readonly LoadMeter[],
  demands: readonly Demand[],
  retries: readonly (RetryBooks | undefined)[],
): readonly Check[] {
  const failures = { conservation: '', offered: '', causes: '', overflow: '', retries: '', use: '', slots: '', little: '' };
  cluster.apps.forEach((app, index) => {
    const meter = meters[index] as LoadMeter;
    const zones = meter.total(end);
    zones.forEach((tally, zone) => {
      const name = `${app.name} in ${cluster.spec.zones[zone]?.name ?? ''}`;
      const accounted =
        tally.overflowedOut -
        tally.overflowedIn +
        tally.served +
        tally.rejected +
        tally.timedOut +
        tally.lost +
        meter.service.backlog(zone);
      const attempts = attemptsOf(tally);
      if (!close(attempts, accounted))
        failures.conservation ||= `${name}: ${String(attempts)} attempts, ${String(accounted)} accounted for`;
      const unserved = tally.rejected + tally.timedOut + tally.lost;
      const causes = tally.unserved.reduce((sum, amount) => sum + amount, 0);
      if (!close(unserved, causes, attempts)) failures.causes ||= `${name}: ${String(unserved)} unserved, ${String(causes)} by cause`;
    });
    const sum = sumOf(zones);
    const offered = (demands[index] as Demand).truth.integral(0 as Time, end);
    const { census } = meter.service;
    const off = Math.abs(sum.offered - offered);
    if (!close(sum.offered, offered) && !(census && byChance(off, offered, census.heaviest)))
      failures.offered ||= `${app.name}: ${String(sum.offered)} first attempts of ${String(offered)} offered`;
    if (!close(sum.overflowedOut, sum.overflowedIn, attemptsOf(sum)))
      failures.overflow ||= `${app.name}: ${String(sum.overflowedOut)} overflowed, ${String(sum.overflowedIn)} taken`;
    const amiss = retries[index] && brokenRetries(retries[index], sum, meter.backlog);
    if (amiss) failures.retries ||= `${app.name}: ${amiss}`;
    if (census && !close(census.presence, census.sojourns))
      failures.little ||= `${app.name}: ${String(census.presence)} request-seconds present, ${String(census.sojourns)} s of sojourn`;
    const account = cluster.ledger.apps[index] as Cluster['ledger']['apps'][number];
    const limited = account.limited.integral(end) / 1e9;
    const used = sum.usedCoreSeconds + account.starting.integral(end) / 1e9;
    if (used > limited * (1 + tolerance)) failures.use ||= `${app.name}: used ${String(used)} of ${String(limited)} core-seconds in limits`;
  });
  for (const slot of cluster.slots) {
    const running = slot.tenants.filter((tenant) => tenant.state === 'running').length;
    if (slot.state === 'steady' && running !== 1)
      failures.slots ||= `slot ${String(slot.id)} is steady with ${String(running)} running tenants`;
  }
  const names: Readonly<Record<keyof typeof failures, string>> = {
    conservation: 'attempts = served + rejected + timed out + lost + backlog, per app and zone',
    offered: 'first attempts = integral of the offered rate, per app',
    causes: 'causes of unserved attempts add up, per app and zone',
    overflow: 'what overflows from zones is taken by others, per app',
    retries: 'failed attempts = retries + given up + pending, per app and generation',
    use: 'CPU used is within the limits in force, per app',
    slots: 'a steady slot has exactly one running tenant',
    little: 'requests present, integrated = time that each was present, summed up (Little), per app',
  };
  const single = meters.some(({ service }) => service.census);
  return (Object.keys(names) as (keyof typeof failures)[])
    .filter((key) => key !== 'little' || single)
    .map((key) => ({
      name: names[key],
      held: failures[key] === '',
      detail: failures[key],
    }));
}

/**
 * Whether what is drawn may be so far from the `expected` number of requests, where a draw stands for `heaviest` at most: Bernstein's inequality, of which
 * chance breaks one in 10¹¹ (2·exp(−off²/(2(heaviest·expected + heaviest·off/3)))).
 */
const byChance = (off: number, expected: number, heaviest: number): boolean => off * off <= 52 * heaviest * (expected + off / 3);

/** What does not add up in an app's retries: its books against themselves, and against what serving counted. */
function brokenRetries(retries: RetryBooks, { offered, retried, served, unserved }: Tally, backlog: number): string | undefined {
  const { generations } = retries;
  const total = (of: (generation: Generation) => number) => generations.reduce((sum, generation) => sum + of(generation), 0);
  const lost = retries.unserved.reduce((sum, amount) => sum + amount, 0);
  const accounts: readonly (readonly [string, number, number])[] = [
    ...generations.map(({ failed, givenUp }, g): readonly [string, number, number] => {
      const next = generations[g + 1];
      return [`of generation ${String(g)} failed`, failed, givenUp + (next ? next.arrived + next.pending : 0)];
    }),
    ['failed in all', unserved.reduce((sum, amount) => sum + amount, 0), total(({ failed }) => failed)],
    ['came back', retried, total(({ arrived }) => arrived) - (generations[0]?.arrived ?? 0)],
    ['were given up', total(({ givenUp }) => givenUp), lost],
    ['were offered', offered, served + lost + backlog + total(({ pending }) => pending)],
  ];
  const wrong = accounts.find(([, there, accounted]) => !close(there, accounted, offered + retried));
  return wrong && `${String(wrong[1])} attempts ${wrong[0]}, ${String(wrong[2])} accounted for`;
}

/** Whether two sums agree to 1e-9 of the larger one, or of `scale`. */
function close(a: number, b: number, scale = 0): boolean {
  return Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b), scale);
}
