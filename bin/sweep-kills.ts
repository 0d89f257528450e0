/**
 * Whether a sweep is one and the same however it is run: killed with SIGKILL at random moments and resumed, in shards in one folder and in folders of their own, with one
 * worker and with two. Prints a row for each way, and ends with exit code 1 where the tables are not the same bytes.
 *
 *     npm run sweep-kills -- [--cells 500] [--kills 20] [--seed 1]
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Streams } from '../src/random/streams.ts';

const { values } = parseArgs({
  options: { cells: { type: 'string', default: '500' }, kills: { type: 'string', default: '20' }, seed: { type: 'string', default: '1' } },
});
const [cells, kills, seed] = [values.cells, values.kills, values.seed].map(Number) as [number, number, number];
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'fenshi-sweep-'));
const u = new Streams(seed).stream('kills');

/** A command line of fenshi; its exit code, null where it was killed, as soon as `when` says so. */
function fenshi(words: readonly string[], when?: () => boolean): Promise<number | null> {
  return new Promise((done) => {
    const child = spawn(process.execPath, ['--conditions=fenshi-src', '--import', 'tsx', 'src/cli/main.ts', ...words, '--quiet'], { cwd: root, stdio: 'ignore' }); // prettier-ignore
    const looking = when && setInterval(() => when() && child.kill('SIGKILL'), 5);
    child.on('close', (code) => {
      clearInterval(looking);
      done(code);
    });
  });
}

/** Points × one strategy × five replications. */
const sweep = (out: string, ...more: string[]): readonly string[] => ['sweep', 'scenarios/tiny.yaml', '--strategy', 'time-share', '--replications', '5', '--vary', `load=${String(101 - cells / 5)}%..100%`, '--out', join(folder, out), ...more]; // prettier-ignore

async function must(words: readonly string[]): Promise<void> {
  const code = await fenshi(words);
  if (code !== 0) throw new Error(`${words.join(' ')} ended with exit code ${String(code)}`);
}

const hashOf = (out: string): string =>
  ['sweep.csv', 'sweep-means.csv', 'manifest.json']
    .map((file) => createHash('sha256').update(readFileSync(join(folder, out, file))).digest('hex').slice(0, 12))
    .join(' '); // prettier-ignore
const cellsIn = (out: string): number =>
  existsSync(join(folder, out, 'cells')) ? readdirSync(join(folder, out, 'cells')).filter((name) => name.endsWith('.json')).length : 0;

const rows: [string, string][] = [];
const say = (what: string, out: string): void => {
  rows.push([what, hashOf(out)]);
  process.stdout.write(`${what.padEnd(60)} ${hashOf(out)}\n`);
};
try {
  await must(sweep('whole', '--jobs', '2'));
  say('at once, two workers', 'whole');
  for (const jobs of ['1', '2']) {
    const out = `killed-${jobs}`;
    const moments: number[] = [];
    while (moments.length < kills) {
      const before = cellsIn(out);
      // So that all kills find something to interrupt: after a random part of twice what is left for each, and up to 50 ms.
      const target = before + u() * 2 * ((cells - before) / (kills + 1 - moments.length));
      let at = Infinity;
      const code = await fenshi(sweep(out, '--jobs', jobs), () => {
        if (at === Infinity && cellsIn(out) >= target) at = performance.now() + 50 * u();
        return performance.now() >= at;
      });
      if (code !== null) throw new Error(`ended before it was killed, with exit code ${String(code)}`);
      moments.push(cellsIn(out));
      if (existsSync(join(folder, out, 'sweep.csv'))) throw new Error('tables of a part');
    }
    await must(sweep(out, '--jobs', jobs));
    say(`killed ${String(kills)} times, ${jobs} at a time; cells then: ${moments.join(' ')}`, out);
  }
  for (const [of, jobs] of [[2, '1'], [7, '2']] as const) {
    const apart = Array.from({ length: of }, (_, i) => `apart-${String(of)}-${String(i + 1)}`);
    for (const [i, out] of apart.entries()) await must(sweep(out, '--jobs', jobs, '--shard', `${String(i + 1)}/${String(of)}`));
    await must(['merge', ...apart.map((out) => join(folder, out)), '--out', join(folder, `merged-${String(of)}`)]);
    say(`${String(of)} shards in folders of their own, ${jobs} at a time`, `merged-${String(of)}`);
    const together = `together-${String(of)}`;
    await Promise.all(Array.from({ length: of }, (_, i) => must(sweep(together, '--jobs', '1', '--shard', `${String(i + 1)}/${String(of)}`))));
    await must(['merge', join(folder, together)]);
    say(`${String(of)} shards at once in one folder`, together);
  } // prettier-ignore
  const same = new Set(rows.map(([, hash]) => hash)).size === 1;
  process.stdout.write(same ? 'One and the same.\n' : 'NOT the same.\n');
  process.exitCode = same ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
