import { join } from 'node:path';
import { inSeconds } from '../../base/units.ts';
import { csvFiles, type RowOf } from '../../metrics/columns.ts';
import { csvText } from '../../output/csv.ts';
import { jsonText } from '../../output/manifest.ts';
import { writeWhole } from '../../output/partial-file.ts';
import { ResultFolder } from '../../output/result-folder.ts';
import type { Given } from '../repeat-command.ts';
import { manifestHead, manifestTail } from '../write-results.ts';
import type { PairingResult } from './pair.ts';

/** Rows of pairs.csv. */
export function pairRows({ pairing, promised }: PairingResult): readonly RowOf<'pairs'>[] {
  return pairing.groups.map(({ apps, apart, shared, peakRatio }, i) => {
    const fleet = promised?.fleets[i];
    const now = fleet?.cores ?? shared;
    return {
      group: fleet?.name,
      apps: apps.join(' '),
      slots: fleet?.slots,
      outside_pods: fleet && apps.map((app) => fleet.outside.get(app) ?? 0).join(' '),
      apart_core: apart,
      shared_core: now,
      saving_ratio: apart === 0 ? undefined : 1 - now / apart,
      peak_ratio: peakRatio,
    };
  });
}

/** Rows of profiles.csv. */
const profileRows = ({ profiles }: PairingResult): readonly RowOf<'profiles'>[] =>
  profiles.flatMap(({ app, pieces }) =>
    pieces.map(({ from, to, mean, max, pods, load }) => ({ app, from_s: inSeconds(from), to_s: inSeconds(to), rate_mean: mean, rate_max: max, pods, load_core: load })),
  ); // prettier-ignore

/** Writes pairs.csv, profiles.csv, `paired.yaml` where there is one, and at last manifest.json; returns the folder. */
export function writePair(out: string, result: PairingResult, given: Given, started: Date, paired: string | undefined): string {
  const folder = new ResultFolder(out);
  try {
    const write = (name: string, text: string) => writeWhole(join(folder.path, name), text);
    const files = [write(csvFiles.pairs.file, csvText('pairs', pairRows(result))), write(csvFiles.profiles.file, csvText('profiles', profileRows(result)))];
    if (paired !== undefined) files.push(write('paired.yaml', paired));
    const { pairing, others } = result;
    const asked = { method: pairing.method, found: [pairing, ...others].map(({ method, shared, apart }) => ({ method, shared_core: shared, apart_core: apart })) };
    write('manifest.json', jsonText({ ...manifestHead('pair', 'complete', result.scenario, given), asked, runs: [], ...manifestTail(folder, files, 1, started) }));
    return folder.publish('complete', []).folder;
  } finally {
    folder.discard();
  }
} // prettier-ignore
