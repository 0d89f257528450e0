import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { built } from '../build.ts';
import { root } from '../house/files.ts';
import { fenshi } from './fenshi.ts';

let folder: string;
const at = (...names: string[]) => join(folder, ...names);
const write = (name: string, ...lines: string[]) => {
  writeFileSync(at(name), lines.map((line) => `${line}\n`).join(''));
};
const text = (...names: string[]) => readFileSync(at(...names), 'utf8');
const regress = (suite: string, ...more: string[]) => fenshi('regress', at(suite), '--out', at('out'), '--jobs', '1', ...more);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fenshi-regress-'));
  cpSync(join(root, 'scenarios', 'tiny.yaml'), at('tiny.yaml'));
  write('ci.yaml', 'replications: 5', 'scenarios:', '  - tiny.yaml', '  - { scenario: tiny.yaml, name: roomy, set: [cluster.nodes=9], strategies: [time-share] }'); // prettier-ignore
  const { code, out, err } = await regress('ci.yaml', '--save-baseline');
  expect([code, err]).toEqual([0, '']);
  expect(out).toBe(`20 runs of 2 scenarios, kept in ${at('ci.baseline')}/: commit it with the suite\n`);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('what regress does not understand', () => {
  it.each([
    [['scenarios: []'], 'expected at least one entry'],
    [
      ['scenarios: [tiny.yaml]', 'metrics: { kost: 1% }'],
      'metrics.kost: unknown metric; metrics are columns of summary.csv: success_ratio,',
    ],
    [['scenarios: [tiny.yaml]', 'metrics: { saving_held_ratio: 1% }'], 'unknown metric'],
    [['scenarios: [tiny.yaml]', 'metrics: { cost: much }'], 'expected a share of the baseline’s mean such as 1%, or a number ≥ 0'],
    [['scenarios: [tiny.yaml]', 'metrics: { cost: -1 }'], 'expected a share of the baseline’s mean such as 1%, or a number ≥ 0'],
    [['scenarios: [tiny.yaml]', 'metrics: { cost: { margin: 1%, better: up } }'], 'read "up": expected'],
    [['scenarios: [tiny.yaml]', 'behavior: same'], 'did you mean "behaviour"?'],
    [['scenarios: [tiny.yaml]', 'replications: 0'], 'read 0: expected a whole number from 1 to 10000'],
    [
      ['scenarios: [tiny.yaml]', 'replications: 4', 'behaviour: any'],
      'with behaviour: any only verdicts count, and one takes 5 replications',
    ],
    [['scenarios: [tiny.yaml]', 'metrics: {}', 'behaviour: any'], 'with behaviour: any only metrics count: name one at least'],
    [['scenarios: [{ scenario: tiny.yaml, set: [replications=3] }]'], 'scenarios.0.set.0: the suite says how many replications there are'],
    [['scenarios: [none.yaml]'], 'none.yaml: does not exist'],
    [['scenarios: [{ scenario: tiny.yaml, strategies: [time-shar] }]'], 'did you mean "time-share"?'],
    [['scenarios: [{ scenario: tiny.yaml, set: [cluster.nods=3] }]'], 'did you mean "nodes"?'],
    [
      ['scenarios: [tiny.yaml, tiny.yaml]'],
      'there is a scenario tiny before (upper and lower case are one to some file systems): give this one a name of its own',
    ],
    [['scenarios: [tiny.yaml]', 'plugins: [none.ts]'], 'none.ts'],
  ])('%j is named, with exit code 2 and nothing on stdout', async (lines, message) => {
    write('wrong.yaml', ...lines);
    const { code, out, err } = await regress('wrong.yaml');
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });

  it('mistakes in several scenarios are told at once', async () => {
    write('wrong.yaml', 'scenarios:', '  - none.yaml', '  - { scenario: tiny.yaml, strategies: [a, b] }');
    const { code, err } = await regress('wrong.yaml');
    expect(code).toBe(2);
    expect(err).toMatch(/none\.yaml: does not exist/);
    expect(err).toMatch(/wrong\.yaml:3:\d+ scenarios\.1\.strategies: tiny has no strategy "a"/);
    expect(err).toMatch(/tiny has no strategy "b"/);
  });

  it('a baseline that is there already, and one that is not', async () => {
    expect(await regress('ci.yaml', '--save-baseline')).toMatchObject({ code: 2, err: `${at('ci.baseline')} is there already: --update replaces it\n` });
    write('new.yaml', 'scenarios: [tiny.yaml]');
    expect(await regress('new.yaml', '--update')).toMatchObject({ code: 2, err: `there is no baseline in ${at('new.baseline')}: --save-baseline makes one\n` });
    const none = await regress('new.yaml');
    expect([none.code, none.out]).toEqual([3, '']);
    expect(none.err).toContain(`There is no baseline in ${at('new.baseline')}: make one with`);
    expect((await regress('ci.yaml', '--update', '--save-baseline')).code).toBe(2);
  }); // prettier-ignore

  it('a baseline of another schema, of something else, damaged, or of decisions that are not its own', async () => {
    const damaged = async (file: string, change: (bytes: string) => string | Buffer, message: string): Promise<void> => {
      cpSync(at('ci.baseline'), at('broken'), { recursive: true });
      write('broken.yaml', 'baseline: broken', 'replications: 5', 'scenarios: [tiny.yaml]');
      writeFileSync(at('broken', file), change(text('broken', file)));
      const { code, out, err } = await regress('broken.yaml');
      expect([code, out]).toEqual([2, '']);
      expect(err).toContain(message);
      rmSync(at('broken'), { recursive: true });
    };
    await damaged('manifest.json', (all) => all.replace('"schema": 1', '"schema": 9'), 'is a baseline of schema 9, and fenshi 0.1.0 reads schema 1; --update writes it anew');
    await damaged('manifest.json', (all) => all.slice(0, 999), 'manifest.json is not JSON; bring it back from your version control, or remove it and make it anew with --save-baseline');
    await damaged('manifest.json', (all) => all.replace('"command": "baseline"', '"command": "run"'), 'is no baseline of fenshi regress');
    await damaged('manifest.json', (all) => all.replace('"events"', '"event"'), 'manifest.json is damaged: runs.0.events');
    await damaged('manifest.json', (all) => all.replace('"replication": 4', '"replication": 3'), 'manifest.json is damaged: its content is not what was written');
    await damaged('decisions/tiny/time-share.gz', () => 'abc', 'decisions/tiny/time-share.gz is damaged: its SHA-256 is not the manifest’s');
  }); // prettier-ignore
});

describe('regress', () => {
  it('is green where nothing has changed, and writes what CI takes', async () => {
    const { code, out, err } = await regress('ci.yaml');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^ci against .*ci\.baseline \(fenshi 0\.1\.0\): 2 scenarios, 4 strategies\n\nscenario +strategy +behaviour +metrics\ntiny +static-peak +same +8 identical\n/);
    expect(out).toContain('\nPassed: nothing has changed.\n');
    expect(readdirSync(at('out')).sort()).toEqual(['junit.xml', 'manifest.json', 'regress.csv', 'regress.md']);
    const rows: readonly Readonly<Record<string, string>>[] = parse(text('out', 'regress.csv'), { columns: true });
    expect(rows.length).toBe(4 * 8);
    expect(new Set(rows.map(({ verdict, runs_changed, replications }) => [verdict, runs_changed, replications].join()))).toEqual(new Set(['identical,0,5']));
    expect(text('out', 'junit.xml').match(/<testcase /g)?.length).toBe(2 + 4 * 9);
    expect(text('out', 'junit.xml')).not.toContain('<failure');
    expect(text('out', 'regress.md')).toMatch(/^### Passed: nothing has changed\.\n\nci against .*\n\n\| scenario \| strategy \| behaviour \| metrics \|\n\| --- \|/);
  }); // prettier-ignore

  it('has no verdict on a scenario that is another, is new, or is gone, and says in what', async () => {
    cpSync(at('ci.baseline'), at('other.baseline'), { recursive: true });
    write('longer.yaml', text('tiny.yaml').replace('seed: 1', 'seed: 7'));
    write('other.yaml', 'replications: 5', 'scenarios:', '  - { scenario: longer.yaml, name: tiny }', '  - { scenario: tiny.yaml, name: fresh, strategies: [time-share] }'); // prettier-ignore
    const { code, out } = await regress('other.yaml');
    expect(code).toBe(3);
    expect(out).toContain(
      'tiny: is another scenario than the baseline’s: its files, or what the suite sets in it, were changed\n  seed: 1, now 7\n',
    );
    expect(out).toContain('fresh: is not in the baseline\n');
    expect(out).toContain('roomy: is in the baseline and no longer in the suite\n');
    expect(out).toContain('NO VERDICT: 3 findings.');
    expect(text('out', 'junit.xml')).toContain('<failure type="no verdict" message="is not in the baseline">');
  });

  it('has no verdict where a recording of traffic is another, and names it', async () => {
    cpSync(join(root, 'scenarios', 'trace.yaml'), at('trace.yaml'));
    cpSync(join(root, 'scenarios', 'trace.csv'), at('trace.csv'));
    write('recorded.yaml', 'replications: 1', 'scenarios: [{ scenario: trace.yaml, strategies: [time-share] }]');
    expect((await regress('recorded.yaml', '--save-baseline')).code).toBe(0);
    expect((await regress('recorded.yaml')).code).toBe(0);
    writeFileSync(at('trace.csv'), text('trace.csv').replace(/(\d)(\s*)$/, '9$2'));
    const { code, out } = await regress('recorded.yaml');
    expect(code).toBe(3);
    expect(out).toMatch(
      /trace: is another scenario than the baseline’s: .*\n {2}recordings\.trace\.csv: "[0-9a-f]{64}", now "[0-9a-f]{64}"\n/,
    );
  });

  it('writes nothing over a baseline', async () => {
    const { code, err } = await fenshi('regress', at('ci.yaml'), '--out', at('ci.baseline'));
    expect(code).toBe(2);
    expect(err).toContain(`${at('ci.baseline')} holds a baseline of fenshi regress, which this would replace by results; choose another folder\n`); // prettier-ignore
    write('wrong.yaml', 'baseline: out', 'replications: 5', 'scenarios: [tiny.yaml]');
    expect((await regress('wrong.yaml', '--update')).err).toContain(
      'holds results, which this would replace by a baseline of fenshi regress',
    );
  });
});

/** What the command line says of a suite in a copy of the sources (compiled) in which one line is another. */
function changed(file: string, before: string, now: string, ...args: string[]) {
  const copy = mkdtempSync(join(folder, 'copy-'));
  cpSync(built, copy, { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const path = join(copy, 'dist', file);
  const source = readFileSync(path, 'utf8');
  expect(source.split(before).length).toBe(2);
  writeFileSync(path, source.replace(before, now));
  const words = [join(copy, 'dist/cli/main.js'), 'regress', ...args, '--out', at('out'), '--jobs', '1'];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd: copy, encoding: 'utf8', env: { ...process.env, GITHUB_ACTIONS: 'true' } }); // prettier-ignore
  expect(stderr).toBe('');
  return { code: status, out: stdout };
}

describe('regress is red, and says why, when', () => {
  it('a tie between nodes is broken otherwise', () => {
    const { code, out } = changed('placement/ranking.js', 'scores[2 * place] === best ? 2 * place : 2 * place + 1', 'scores[2 * place + 1] === best ? 2 * place + 1 : 2 * place', at('ci.yaml')); // prettier-ignore
    expect(code).toBe(1);
    expect(out).toMatch(/tiny +time-share +same +8 identical\n/);
    expect(out).toMatch(/roomy +time-share +changed in 5 of 5 +8 identical\n/);
    expect(out).toContain('roomy, time-share: behaviour has changed in 5 of 5 replications\n  the first decision that differs is number 4 of replication 0\n  same    '); // prettier-ignore
    expect(out).toMatch(/\n {2}before {2}00:00:00 \(0 s\) slot 0 of night to node east-0: (.*)\n {2}now {5}00:00:00 \(0 s\) slot 0 of night to node east-4: \1\n/); // prettier-ignore
    expect(out).toMatch(
      /^::error file=.*ci\.yaml,line=4,title=roomy%2C time-share::behaviour has changed in 5 of 5 replications%0Athe first/,
    );
    expect(text('out', 'junit.xml').match(/<failure type="regression" message="behaviour has changed in 5 of 5 replications">/g)?.length).toBe(1); // prettier-ignore
    expect(text('out', 'regress.md')).toContain('**roomy, time-share: behaviour has changed in 5 of 5 replications**\n````````\n');
  });

  it('a default is another', () => {
    const { code, out } = changed('operations/platform.js', ".default('default')", ".default('bin-packing')", at('ci.yaml'));
    expect(code).toBe(1);
    expect(out).toContain('roomy: the same words have come to mean something else\n  platform.scheduler.profile: "default", now "bin-packing"\n'); // prettier-ignore
    expect(out).toMatch(/roomy, time-share: behaviour has changed in 5 of 5 replications\n(.*\n)*? {2}before {2}.* slot 0 of night to node east-0: .*\n {2}now {5}.* slot 0 of night to node east-0: /); // prettier-ignore
    expect(text('out', 'junit.xml')).toContain(
      'name="scenario">\n      <failure type="regression" message="the same words have come to mean',
    );
  });

  it('the steps of a switch come in another order', () => {
    const order = (...last: string[]) => `'break-before-make': ['traffic-down', 'resources-down', 'resources-up', ${last.map((step) => `'${step}'`).join(', ')}]`; // prettier-ignore
    const { code, out } = changed('operations/world.js', order('traffic-up', 'status'), order('status', 'traffic-up'), at('ci.yaml'));
    expect(code).toBe(1);
    expect(out).toMatch(/ {2}before {2}00:05:41 \(341 s\) pod 1 of sale on east-0: swapping-in to running \(switch\)\n {2}now {5}00:05:40\.5 .*: status done\n/); // prettier-ignore
    expect(out).toMatch(
      /tiny, time-share: unserved is worse\n {2}1039 to 1435 requests: \+396 requests, \+38\.\d+ % \(margin 1 %: 10\.39 requests, p <0\.001, n 5\)\n/,
    );
  });
});

describe('where there is no verdict', () => {
  const lines = ['replications: 1', 'plugins: [thrower.mjs]', 'scenarios:', '  - { scenario: tiny.yaml, strategies: [static-peak] }', '  - { scenario: thrown.yaml, strategies: [thrower, static-peak] }'];
  const thrower = (body: string) => {
    write('thrower.mjs', `export default (define) => [define.strategy({ name: 'thrower', summary: 'x', options: (kit) => kit.z.strictObject({}),
      create: () => ({ period: undefined, open: () => { ${body} return []; }, decide: () => [] }) })];`);
  };

  it('the folder does not say what it said before', async () => {
    expect((await regress('ci.yaml')).code).toBe(0);
    write('wrong.yaml', 'scenarios: [{ scenario: tiny.yaml, strategies: [<a&b>] }]');
    const { code } = await regress('wrong.yaml');
    expect(code).toBe(2);
    expect(readdirSync(at('out')).sort()).toEqual(['junit.xml', 'manifest.json', 'regress.md']);
    expect(text('out', 'junit.xml')).toMatch(/<testsuite name="wrong" tests="1" failures="1">\n.*<testcase .*\n.*<failure type="no verdict" .*tiny has no strategy &quot;&lt;a&amp;b&gt;&quot;/);
    expect(text('out', 'regress.md')).toMatch(/^### NO VERDICT\n\nwrong\n/);
    expect(JSON.parse(text('out', 'manifest.json'))).toMatchObject({ status: 'failed', verdict: 'undecided' });
    // What failed is no result to be kept.
    expect((await regress('ci.yaml')).code).toBe(0);
    expect(text('out', 'regress.md')).toMatch(/^### Passed/);
  });

  it('each mistake is annotated where it is written', () => {
    write('bad.yaml', 'name: bad', 'horizn: 1h');
    write('wrong.yaml', 'scenarios:', '  - bad.yaml', '  - { scenario: tiny.yaml, strategies: [a] }', 'replication: 3');
    const words = [join(built, 'dist/cli/main.js'), 'regress', at('wrong.yaml'), '--out', at('out')];
    const said = () => spawnSync(process.execPath, words, { cwd: root, encoding: 'utf8', env: { ...process.env, GITHUB_ACTIONS: 'true' } }).stdout;
    expect(said()).toMatch(/^::error file=.*wrong\.yaml,line=4,col=1,title=no verdict::replication: unknown key/);
    write('wrong.yaml', 'scenarios:', '  - bad.yaml', '  - { scenario: tiny.yaml, strategies: [a] }');
    expect(said()).toMatch(/^::error file=.*bad\.yaml,line=2,col=1,title=no verdict::horizn: unknown key/m);
    expect(said()).toMatch(/^::error file=.*wrong\.yaml,line=3,col=\d+,title=no verdict::scenarios\.1\.strategies: tiny has no strategy "a"/m);
  });

  it('a strategy that breaks off fails the suite, and the others are judged', async () => {
    write('thrown.yaml', 'extends: tiny.yaml', 'name: thrown', 'strategies: { thrower: {}, static-peak: {} }');
    write('throw.yaml', ...lines);
    thrower('');
    expect(await regress('throw.yaml', '--save-baseline')).toMatchObject({ code: 0, err: '' });
    thrower("throw new Error('oh');");
    const { code, out, err } = await regress('throw.yaml');
    expect([code, err]).toEqual([1, '']);
    expect(out).toMatch(/\ntiny +static-peak +same +8 identical\nthrown +thrower +breaks off *\nthrown +static-peak +same/);
    expect(out).toMatch(/\nthrown, thrower: breaks off\n {2}strategy thrower .* oh .*\n {2}The command that repeats it: .* run .*thrown\.yaml --strategy thrower .*--plugin .*thrower\.mjs/);
    expect(out).toContain('FAILED: 1 finding.');
    expect(out).not.toContain('--update');
    expect(JSON.parse(text('out', 'manifest.json'))).toMatchObject({ runs: expect.arrayContaining([{ case: 'thrown', strategy: 'thrower', changed: 'breaks off' }]) as unknown });
    expect(out).toContain('2 scenarios, 3 strategies');
    expect(text('out', 'junit.xml')).toMatch(/name="behaviour">\n +<failure type="regression" message="breaks off">/);
    const update = await regress('throw.yaml', '--update');
    expect([update.code, update.out]).toEqual([2, '']);
    expect(update.err).toMatch(/^thrown: strategy thrower/);
    expect(text('out', 'regress.md')).toMatch(/^### NO VERDICT/);
  });
}); // prettier-ignore

describe('--update', () => {
  it('says what has changed, accepts it, and is then green; what has not changed keeps its bytes', async () => {
    cpSync(at('ci.baseline'), at('mine.baseline'), { recursive: true });
    write('mine.yaml', 'replications: 5', 'scenarios:', '  - tiny.yaml', '  - { scenario: longer.yaml, name: roomy, set: [cluster.nodes=9], strategies: [time-share] }'); // prettier-ignore
    const kept = readFileSync(at('mine.baseline', 'decisions', 'tiny', 'time-share.gz'));
    const { code, out } = await regress('mine.yaml', '--update');
    expect(code).toBe(0);
    expect(out).toContain(
      'roomy: is another scenario than the baseline’s: its files, or what the suite sets in it, were changed\n  seed: 1, now 7\n',
    );
    expect(out).toContain(`Accepted: ${at('mine.baseline')}/ is what 20 runs of 2 scenarios do now.\n`);
    expect(text('out', 'regress.md')).toMatch(/^### Accepted\n\nmine\n/);
    expect(text('out', 'junit.xml')).not.toContain('<failure');
    expect(JSON.parse(text('out', 'manifest.json'))).toMatchObject({ verdict: 'accepted' });
    expect((await regress('mine.yaml')).code).toBe(0);
    expect(readFileSync(at('mine.baseline', 'decisions', 'tiny', 'time-share.gz'))).toEqual(kept);
  });

  it('replaces a baseline that cannot be read, and no folder that is not fenshi’s', async () => {
    writeFileSync(at('mine.baseline', 'manifest.json'), text('mine.baseline', 'manifest.json').replace('"schema": 1', '"schema": 0'));
    expect(await regress('mine.yaml', '--update')).toMatchObject({ code: 0, err: '' });
    expect((await regress('mine.yaml')).code).toBe(0);
    mkdirSync(at('private'));
    write(join('private', 'letter'), 'mine');
    write('private.yaml', 'baseline: private', 'scenarios: [{ scenario: tiny.yaml, strategies: [static-peak] }]', 'replications: 1');
    const { code, err } = await regress('private.yaml', '--save-baseline');
    expect(code).toBe(2);
    expect(err).toContain('exists and fenshi did not write it');
    expect([existsSync(at('private', 'letter')), statSync(at('private')).isDirectory()]).toEqual([true, true]);
  });
});
