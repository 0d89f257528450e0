import { describe, expect, it } from 'vitest';
import { InputError, OutputError, PluginError } from '../../src/base/errors.ts';
import { time } from '../../src/base/units.ts';
import { brokenChecks, explainFault } from '../../src/experiments/explain.ts';
import { type Fault, outOfMemory } from '../../src/experiments/pool.ts';
import { RunError } from '../../src/experiments/run-error.ts';
import { readScenario } from '../../src/scenario/read.ts';
import { checkCount } from '../../src/simulation/checks.ts';
import { strategies } from '../../src/strategies/registry.ts';

const scenario = readScenario('scenarios/tiny.yaml', { set: ['seed=40'], catalog: { strategies } });
const given = { command: 'fenshi', file: 'scenarios/tiny.yaml', set: ['seed=40'], plugins: [] };
const repeat = 'fenshi run scenarios/tiny.yaml --strategy time-share --set seed=40 --seed 41 --replications 1';
const explain = (fault: Fault): Error => explainFault(given, { scenario, label: 'time-share', replication: 1, folder: undefined }, fault);
const threw = (family: 'plugin' | 'input' | 'output' | 'other', at?: number): Fault => ({
  kind: 'threw',
  at: at === undefined ? undefined : time(at),
  error: { family, message: 'no luck', trace: 'Error: no luck\n    at x' },
});

describe('a fault of a run', () => {
  // The scenario starts at midnight: 330 s later it is 00:05:30.
  it("is the strategy's where it happened inside its decision, with the simulated time", () => {
    const errors = [
      explain({ kind: 'slow', at: time(330e6), seconds: 5 }),
      explain({ kind: 'died', at: time(330e6), why: outOfMemory }),
      explain(threw('other', 330e6)),
    ];
    for (const error of errors) {
      expect(error).toBeInstanceOf(PluginError);
      expect(error.message).toMatch(/^strategy time-share .*at 00:05:30 \(330 s\)/);
    }
  });

  it('keeps the class of an error that names its own cause', () => {
    expect([threw('plugin'), threw('input'), threw('output')].map((fault) => explain(fault).constructor)).toEqual([
      PluginError,
      InputError,
      OutputError,
    ]);
  });

  it('says how much memory there is and how to give more where a run had too little', () => {
    const error = explain({ kind: 'died', at: undefined, why: outOfMemory });
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toMatch(
      /^the run of time-share, replication 1, ran out of memory: a worker may take \d+ MiB of it\. .* NODE_OPTIONS=--max-old-space-size=8000 \(MiB\), and --jobs 1$/,
    );
  });

  it('is a bug otherwise: it names the seed and the command that repeats it', () => {
    const died = explain({ kind: 'died', at: undefined, why: 'ended by itself with code 1' });
    expect(died).toBeInstanceOf(RunError);
    expect(died.message).toBe(
      `the run of time-share, replication 1, seed 41, died: ended by itself with code 1\nThe command that repeats it: ${repeat}`,
    );
    expect(explain(threw('other'))).toMatchObject({ name: 'RunError', trace: 'Error: no luck\n    at x' });
  });
});

describe('checks that did not hold', () => {
  it('are named with the seed and the command that repeats the run; those that held are not', () => {
    const run = {
      label: 'time-share',
      replication: 1,
      seed: 41,
      summary: [],
      events: 0,
      fingerprint: '',
      interrupted: false,
      planned: undefined,
      notes: [],
    };
    const held = { name: 'causes', held: true, detail: '' };
    const checks = [
      { name: 'conservation', held: false, detail: 'pay in hz-a: 1 of 2' },
      ...Array.from({ length: checkCount - 1 }, () => held),
    ];
    expect(brokenChecks({ ...run, checks }, given)).toEqual([
      `check "conservation" failed for time-share, replication 1, seed 41: pay in hz-a: 1 of 2\n  repeat: ${repeat}`,
    ]);
    // A run whose checks did not all run has not been checked.
    expect(brokenChecks({ ...run, checks: [] }, given)).toEqual([
      `0 of ${String(checkCount)} checks ran for time-share, replication 1, seed 41\n  repeat: ${repeat}`,
    ]);
  });
});
