import type { Paired, PairingResult } from '../experiments/pairing/pair.ts';
import { fixed } from './numbers.ts';
import { alignedTable, printable, wrapped } from './table.ts';

const width = 100;
/** Most groups that are shown, those that save most. */
const mostShown = 30;

/** Which apps are to share slots, what that saves, and what other methods find. Ends with a line feed. */
export function pairText(result: PairingResult): string {
  const { pairing, others, promised, scenario } = result;
  const sharing = pairing.groups.filter(({ apps }) => apps.length > 1);
  const alone = pairing.groups.length - sharing.length;
  const [apart, shared] = promised === undefined ? [pairing.apart, pairing.shared] : [promised.apart, promised.cores];
  const answer =
    sharing.length === 0
      ? `no two of the ${fixed(pairing.groups.length)} apps save cores by sharing slots`
      : `${fixed(sharing.length)} ${sharing.length === 1 ? 'group shares' : 'groups share'} slots and ${fixed(alone)} ${alone === 1 ? 'app shares' : 'apps share'} none: ${fixed(shared)} cores instead of ${fixed(apart)}, ${saved(apart, shared)} less`;
  const blocks = [wrapped(`${printable(scenario.name)}, ${pairing.method}: ${answer}.`, width)];
  if (sharing.length > 0) blocks.push([...wrapped(groupsTitle(sharing.length), width), ...groupTable(result)]);
  if (others.length > 0) blocks.push(['What the methods find, on the grid of the profiles', ...methodTable(result)]);
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
} // prettier-ignore

const saved = (apart: number, shared: number): string => `${fixed(100 * (1 - shared / apart), 1)} %`;

const groupsTitle = (count: number): string =>
  `The groups${count > mostShown ? `, the ${String(mostShown)} that save most` : ''} (outside: pods beside the slots; peaks: peak of the summed loads ÷ sum of their peaks)`;

function groupTable({ pairing, promised }: PairingResult): readonly string[] {
  const left = new Set([0, 1]);
  const heads = ['group', 'apps', 'slots', 'outside', 'cores apart', 'shared', 'saved %', 'peaks'];
  const columns = heads.map((head, i) => ({ head, align: left.has(i) ? ('left' as const) : ('right' as const) }));
  const rows = pairing.groups.flatMap((group, i) => {
    const fleet = promised?.fleets[i];
    return fleet === undefined ? [] : [{ group, fleet, saving: group.apart - fleet.cores }];
  });
  const shown = [...rows].sort((a, b) => b.saving - a.saving).slice(0, mostShown);
  return alignedTable(
    columns,
    rows
      .filter((row) => shown.includes(row))
      .map(({ group, fleet }) => [
        printable(fleet.name, 22),
        printable(namesOf(group), 40),
        fixed(fleet.slots),
        group.apps.map((app) => fixed(fleet.outside.get(app) ?? 0)).join(' + '),
        fixed(group.apart),
        fixed(fleet.cores),
        fixed(100 * (1 - fleet.cores / group.apart), 1),
        fixed(group.peakRatio, 2),
      ]),
  );
}

const namesOf = ({ apps }: Paired): string => apps.join(' + ');

function methodTable({ pairing, others }: PairingResult): readonly string[] {
  const columns = ['method', 'groups', 'cores', 'saved %'].map((head, i) => ({ head, align: i === 0 ? ('left' as const) : ('right' as const) })); // prettier-ignore
  return alignedTable(
    columns,
    [pairing, ...others].map(({ method, groups, apart, shared }) => [
      method,
      fixed(groups.filter(({ apps }) => apps.length > 1).length),
      fixed(shared),
      fixed(100 * (1 - shared / apart), 1),
    ]),
  );
}
