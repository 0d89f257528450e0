import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { jsonText, sha256 } from '../../src/output/manifest.ts';
import { built } from '../build.ts';
import { read, root } from './files.ts';

interface Step {
  readonly id?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}
const action = parse(read('action.yml')) as { readonly runs: { readonly using: string; readonly steps: readonly Step[] } };
const step = action.runs.steps.find(({ id }) => id === 'regress') as Step;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fenshi-action-'));
  cpSync(join(root, 'scenarios', 'tiny.yaml'), join(folder, 'tiny.yaml'));
  mkdirSync(join(compiled(), 'node_modules/.bin'), { recursive: true });
  writeFileSync(join(compiled(), 'node_modules/.bin/tsx'), `#!/bin/sh\nshift 2\nexec node ${join(built, 'dist/cli/main.js')} "$@"\n`, {
    mode: 0o755,
  });
  writeFileSync(join(folder, 'suite.yaml'), 'replications: 5\nscenarios: [{ scenario: tiny.yaml, strategies: [static-peak] }]\n');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A checkout of the action whose `tsx` runs the compiled sources, which starts sooner. */
const compiled = (): string => join(folder, 'action');

/** Carries out the action's own step as GitHub's runner would. */
function run(
  suite: string,
  path = compiled(),
): { readonly code: number | null; readonly output: string; readonly summary: string; readonly out: string } {
  const files = { GITHUB_OUTPUT: join(folder, 'output'), GITHUB_STEP_SUMMARY: join(folder, 'summary') };
  for (const file of Object.values(files)) writeFileSync(file, '');
  const env = { ...process.env, ...files, GITHUB_ACTIONS: 'true', GITHUB_ACTION_PATH: path, SUITE: suite, OUT: '' };
  const { status, stdout } = spawnSync('bash', ['-e', '-c', step.run ?? ''], { cwd: folder, encoding: 'utf8', env });
  return {
    code: status,
    output: readFileSync(files.GITHUB_OUTPUT, 'utf8'),
    summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8'),
    out: stdout,
  };
}

const folderLine = 'folder=results/suite-regress\n';

describe('the GitHub Action', () => {
  it('takes its inputs from the environment, never into the script', () => {
    expect(action.runs.using).toBe('composite');
    for (const { run = '' } of action.runs.steps) expect(run).not.toContain('${{');
    expect(step.env).toEqual({ SUITE: '${{ inputs.suite }}', OUT: '${{ inputs.out }}' });
  });

  it('says the verdict, writes the summary, and ends with the exit code', () => {
    const none = run('suite.yaml');
    expect([none.code, none.output]).toEqual([3, `${folderLine}verdict=undecided\n`]);
    expect(none.summary).toMatch(/^### NO VERDICT\n\nsuite\n[^]*There is no baseline in suite\.baseline/);
    const made = spawnSync(process.execPath, [join(built, 'dist/cli/main.js'), 'regress', 'suite.yaml', '--save-baseline'], {
      cwd: folder,
    });
    expect(made.status).toBe(0);
    const passed = run('suite.yaml', root);
    expect([passed.code, passed.output]).toEqual([0, `${folderLine}verdict=passed\n`]);
    expect(passed.summary).toMatch(/^### Passed: nothing has changed\./);
    expect(existsSync(join(folder, 'results', 'suite-regress', 'junit.xml'))).toBe(true);
    const manifest = join(folder, 'suite.baseline', 'manifest.json');
    const text = readFileSync(manifest, 'utf8').replace(/"fingerprint": "\w+"/, '"fingerprint": "0123456789abcdef"');
    const { cases, runs, files } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    writeFileSync(manifest, text.replace(/"content_sha256": "\w+"/, `"content_sha256": "${sha256(jsonText({ cases, runs, files }))}"`));
    const failed = run('suite.yaml');
    expect([failed.code, failed.output]).toEqual([1, `${folderLine}verdict=failed\n`]);
    expect(failed.summary).toMatch(/^### FAILED: 1 finding\./);
    writeFileSync(
      join(folder, 'broken.ts'),
      "export default (define) => [define.strategy({ name: 'broken', summary: 'fails', options: (kit) => kit.z.strictObject({}), create: () => { throw new Error('no luck'); } })];\n",
    );
    writeFileSync(
      join(folder, 'broken.yaml'),
      'replications: 5\nplugins: [broken.ts]\nbaseline: suite.baseline\nscenarios: [{ scenario: tiny.yaml, set: ["strategies={ broken: {} }"] }]\n',
    );
    const broken = run('broken.yaml');
    expect([broken.code, broken.output]).toEqual([1, 'folder=results/broken-regress\nverdict=failed\n']);
    expect(broken.out).toMatch(/^::error file=broken\.yaml,line=4,title=tiny%2C broken::breaks off%0A.*no luck/);
    writeFileSync(join(folder, 'broken.yaml'), 'scenarios: [none.yaml]\n');
    const wrong = run('broken.yaml');
    expect([wrong.code, wrong.output]).toEqual([2, 'folder=results/broken-regress\n']);
    expect(wrong.out).toMatch(/^::error file=broken\.yaml,title=no verdict::none\.yaml: does not exist/);
    expect(wrong.summary).toMatch(/### NO VERDICT\n\nbroken\n[^]*none\.yaml: does not exist/);
    expect(failed.out).toMatch(/^::error file=suite\.yaml,line=2,title=tiny%2C static-peak::behaviour has changed in 1 of 5 replications%0Areplication 0: every decision and every number is the same/); // prettier-ignore
  });
});
