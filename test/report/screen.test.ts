import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { appName } from '../../src/base/units.ts';
import { baselineOf, compareRuns, defaultJudging } from '../../src/experiments/comparison.ts';
import type { Experiment } from '../../src/experiments/experiment.ts';
import type { Row } from '../../src/metrics/columns.ts';
import { screen } from '../../src/report/screen.ts';
import { displayWidth } from '../../src/report/table.ts';
import { decodeScenario } from '../../src/scenario/decode.ts';
import { readScenario } from '../../src/scenario/read.ts';
import { strategies } from '../../src/strategies/registry.ts';

const tiny = readScenario('scenarios/tiny.yaml', { catalog: { strategies } });

interface Use {
  readonly label: string;
  readonly use?: string;
  readonly overrides?: readonly string[];
  /** Of the row `all`, and of the app sale: what differs from a run without losses. */
  readonly all?: Row;
  readonly sale?: Row;
  readonly notes?: readonly string[];
}

const quiet: Row = {
  success_ratio: 1, unserved: 0, unserved_fault: 0, unserved_switch: 0, unserved_cold_start: 0, unserved_undersized: 0, exposure_s: 0, slo_violation_s: 0, response_p99_ms: 70,
  reserved_core_max: 1000, reserved_core_h: 16000, nodes_used_max: 17, cost: 16000, pods_created: 0, pods_pending_max: 0, switches: 0,
}; // prettier-ignore

/** An experiment in which every replication comes out alike. */
function experiment(uses: readonly Use[], replications = 3): Experiment {
  const named = uses.map(({ label, use = label, overrides = [] }) => ({
    label,
    use,
    overrides,
    options: {},
    given: {},
    platform: tiny.platform,
  }));
  const scenario = { ...tiny, replications, strategies: named };
  const runs = uses.flatMap(({ label, all, sale, notes = [] }) =>
    Array.from({ length: replications }, (_, replication) => ({
      label, replication, seed: 1 + replication, events: 1, fingerprint: '', interrupted: false, checks: [], planned: undefined, notes,
      summary: [{ ...quiet, app: 'gala' }, { ...quiet, app: 'sale', ...sale }, { ...quiet, app: 'all', ...all }],
    })),
  ); // prettier-ignore
  const labels = uses.map(({ label }) => label);
  const baseline = baselineOf(named);
  const compared = compareRuns(labels, runs.map(({ label, replication, summary }) => ({ label, replication, all: summary[2] as Row })), baseline); // prettier-ignore
  return {
    scenario,
    set: [],
    labels,
    status: 'complete',
    runs,
    baseline,
    judging: defaultJudging,
    until: [],
    imprecise: [],
    compared,
    bounds: new Map(),
    failures: [],
    leftOut: [],
    folder: 'results/tiny',
    replaced: [],
  };
}
const text = (uses: readonly Use[], replications?: number): string =>
  screen(experiment(uses, replications), { bold: false }).replace(/\n {2}(?=\S)/g, ' ');

const losing: Use = {
  label: 'vacate-and-move',
  all: {
    reserved_core_max: 400,
    nodes_used_max: 7,
    success_ratio: 0.99,
    unserved: 10_000,
    unserved_cold_start: 9000,
    unserved_switch: 1000,
    exposure_s: 300,
    pods_created: 480,
    pods_pending_max: 470,
    scheduling_p99_s: 468,
  },
  sale: { success_ratio: 0.98 },
};
const sharing: Use = {
  label: 'ours',
  use: 'time-share',
  all: {
    reserved_core_max: 600,
    nodes_used_max: 10,
    switches: 2,
    slots_switched: 960,
    switches_rolled_back: 0,
    slots_failed: 8,
    slots_stuck_max: 0,
    switch_p50_s: 190.5,
    switch_p99_s: 199,
  },
};

describe('the screen', () => {
  it('says what breaks, and what faults, retries and overflow did to whom; without any it says nothing of them', () => {
    const calm = text([{ label: 'static-peak' }]);
    expect(calm).not.toContain('Faults:');
    expect(calm).not.toContain('Trouble');
    expect(calm.split('\n')[0]).toBe('tiny: 2019-11-11T00:00:00+08:00 + 10m on 2 nodes, 3 replications, seeds 1–3, ± 95 % confidence');
    const hit = experiment([
      { label: 'static-peak' },
      { ...sharing, all: { ...sharing.all, pods_failed: 6, drift_s: 90, retried: 0, served_by_retry: 0, overflowed: 1200 } },
    ]);
    const { scenario } = decodeScenario(
      {
        file: 'tiny.yaml',
        text: readFileSync('scenarios/tiny.yaml', 'utf8'),
        set: [
          'faults=[{ node-loss: { at: 00:01, for: 90s, nodes: [east-0] } }, { slow-swap: { mtbf: 100h, for: { median: 10m, p95: 1h }, speed: 5% } }, { push-loss: { at: 00:02, for: 1m, share: 40%, apps: [gala] } }, { api-stall: { at: 00:03, for: 5s } }, { slow-registry: { at: 00:04, for: 5s, speed: 25% } }]',
        ],
      },
      { strategies },
    );
    const shown = screen({ ...hit, scenario: { ...hit.scenario, faults: scenario.faults } }, { bold: false });
    expect(shown.replace(/\s+/g, ' ')).toContain(
      'Faults: node-loss of 1 of 2 nodes at 00:01:00 for 1m30s; slow-swap of each of 2 nodes to 5.0 % every 100h in the mean for 10m in the median; push-loss of 40 % of gala at 00:02:00 for 1m; api-stall at 00:03:00 for 5s; slow-registry to 25 % at 00:04:00 for 5s.',
    );
    // Retries, of which there were none, have no column.
    expect(shown).toMatch(/\nstrategy +pods failed +drift pod min +overflowed\nours +6 +1\.5 +1,200\n/);
    // The title explains just the columns that are there, by their heads.
    expect(shown.replace(/\n {2}/g, ' ')).toContain(
      'Trouble (pods failed: their node was lost; drift pod min: pods at a wrong traffic ratio, slots stuck; overflowed: requests that another zone took)\n',
    );
    expect(shown.replace(/\n {2}/g, ' ')).toMatch(/^static-peak: .*no pod stood on a lost node.*\.$/m);
    expect(shown.replace(/\n {2}/g, ' ')).toMatch(/^ours: .*6 pods stood on lost nodes.*\.$/m);
    expect(calm).not.toContain('lost node');
    expect(Math.max(...shown.split('\n').map(displayWidth))).toBeLessThanOrEqual(100);
  });

  it('says how many cores and nodes less, at what risk, and why requests were lost', () => {
    const shown = text([{ label: 'static-peak' }, losing, sharing]);
    expect(shown).toContain("Fewest cores with every app's success objective kept: ours (600).");
    expect(shown).toContain(
      'ours: 600 cores on 10 nodes, 400 cores (40.0 %) and 7 nodes (41.2 %) less than static-peak; every request is served.',
    );
    expect(shown).toContain(
      'vacate-and-move: 400 cores on 7 nodes, 600 cores (60.0 %) and 10 nodes (58.8 %) less than static-peak; 10,000 requests (1.00 %) go unserved, 90 % of them because of cold starts (pods waiting for a node, starting or warming up); exposed for 5.0 min; success objective missed by sale.',
    );
    expect(shown).toMatch(/^vacate-and-move +0 +1,000 +9,000 +0 +480 +470 +468$/m);
    expect(shown).toMatch(
      /^strategy +switches +rolled back +slots +failed +stuck +p50 s +p99 s\nours +2 +0\.0 +960 +8\.0 +0\.0 +190\.5 +199\.0$/m,
    );
  });

  it('names all that own least', () => {
    expect(text([{ label: 'static-peak' }, sharing, { ...sharing, label: 'mine' }])).toContain('objective kept: ours, mine (600).');
  });

  it('says what a platform of its own changes', () => {
    const fast: Use = {
      label: 'fast',
      use: 'vacate-and-move',
      overrides: ['scheduler.rate: 100/s'],
      all: { reserved_core_max: 400, nodes_used_max: 7 },
    };
    const shown = text([{ label: 'static-peak' }, losing, fast, sharing]);
    expect(shown).toContain("Fewest cores with every app's success objective kept: ours (600); on a platform of its own: fast (400).");
    expect(shown).toContain(
      'fast (vacate-and-move with scheduler.rate: 100/s): 400 cores on 7 nodes, 600 cores (60.0 %) and 10 nodes (58.8 %) less than static-peak; every request is served.',
    );
  });

  it('has no table of causes without losses and none of switches without switches', () => {
    const shown = text([{ label: 'static-peak' }, { label: 'other' }]);
    expect(shown).not.toContain('Why requests went unserved');
    expect(shown).not.toContain('Switches, in a run');
    expect(shown).toContain('other: 1,000 cores on 17 nodes; every request is served.');
  });

  it('speaks of no saving without a static-peak, and compares with the first label', () => {
    const shown = text([{ label: 'a', use: 'static-mean' }, sharing]);
    expect(shown).not.toContain('saved');
    expect(shown).toContain('ours: 600 cores on 10 nodes, 400 cores (40.0 %) and 7 nodes (41.2 %) less than a;');
  });

  it('says when only a platform of its own will do, when switches were rolled back, and what of a plan found no room', () => {
    const fast: Use = { label: 'fast', use: 'vacate-and-move', overrides: ['scheduler.rate: 100/s'] };
    expect(text([losing, fast])).toContain("objective kept: fast (1,000), on a platform of its own; none on the scenario's.");
    const back: Use = {
      label: 'ours',
      use: 'time-share',
      all: { switches: 2, switches_rolled_back: 1, unserved: 5, unserved_undersized: 5 },
    };
    expect(text([back])).toContain('50 % of its switches were rolled back (see the notes below)');
    const small: Use = { label: 'static-peak', all: { planned_core: 2000, planned_nodes: 34 } };
    expect(text([small])).toContain('static-peak: 1,000 of 2,000 planned cores on 17 nodes: the rest had no node;');
    // What a fleet takes that did not get what it needs is no measure of what others save.
    expect(text([small, sharing])).toContain('ours: 600 cores on 10 nodes; every request');
    expect(text([small, sharing])).toMatch(/^ours +600 +\S+ +– +10 +\S+ +– /m);
  });

  it('names the replications of a note: one, or how many', () => {
    const shown = text([{ label: 'static-peak', notes: ['something'] }], 2);
    expect(shown).toContain('Note: static-peak: something (2 of 2 replications)');
  });

  it('says so when no strategy keeps the objectives', () => {
    expect(text([losing])).not.toContain('Fewest');
    expect(text([losing, { ...losing, label: 'b' }])).toContain("No strategy keeps every app's success objective.");
  });

  it('shows the apps of a single strategy', () => {
    const shown = text([losing]);
    expect(shown).toMatch(/^sale +98\.0 /m);
    expect(shown).toMatch(/^all +99\.0 /m);
  });

  it('names no interval for a single replication', () => {
    expect(text([sharing], 1)).toContain('1 replication, seed 1\n');
    expect(text([sharing], 1)).not.toContain('±');
  });

  it('says notes that are alike once, with their number, where there are more than three', () => {
    const rolled = (count: number) => Array.from({ length: count }, (_, k) => `operation ${String(k)} is rolled-back`);
    const shown = (notes: readonly string[]) =>
      text([{ label: 'static-peak', notes }], 1).split('\n').filter((line) => line.includes('ote')); // prettier-ignore
    expect(shown(rolled(3))).toEqual(rolled(3).map((note) => `Note: static-peak: ${note}`));
    expect(shown([...rolled(100), 'late'])).toEqual([
      'Note: static-peak: operation 0 is rolled-back (and 99 more like it in manifest.json)',
      'Note: static-peak: late',
    ]);
    expect(shown([...rolled(2), 'a', 'b', 'c'])).toEqual([
      'Note: static-peak: operation 0 is rolled-back (and 1 more like it in manifest.json)',
      'Note: static-peak: a',
      'Note: static-peak: b',
      '1 more note in manifest.json (runs, notes)',
    ]);
  });

  it('says what full files were too small for', () => {
    const of = experiment([{ label: 'static-peak' }], 1);
    const full = (file: 'nodes' | 'pods', replication: number, rows: number) => ({
      label: 'static-peak',
      replication,
      file,
      rows,
      from: 600 * (1 + replication),
    });
    const shown = screen({ ...of, leftOut: [full('nodes', 0, 1_880_000), full('pods', 0, 1), full('nodes', 1, 20_000)] }, { bold: false });
    expect(shown.replace(/\n {2}(?=\S)/g, ' ')).toContain(
      'Not written: 1,900,000 rows of nodes.csv (2 runs, from 600 s on), 1 row of pods.csv (from 600 s on). A file holds the first 1,000,000 rows of a run (results.rows); manifest.json has the numbers file by file.\n',
    );
    expect(screen(of, { bold: false })).not.toContain('Not written');
  });

  it('says whose results were there before', () => {
    const of = experiment([{ label: 'static-peak' }], 1);
    expect(screen({ ...of, replaced: ['time-share', 'mine'] }, { bold: false }).replace(/\n {2}(?=\S)/g, ' ')).toContain(
      'The numbers: results/tiny/ (in place of those of time-share, mine; --out keeps results apart)',
    );
  });

  it('shows the twenty apps that lose most and where the others are, and names five that miss their objective', () => {
    const [only] = experiment([{ label: 'static-peak' }], 1).runs;
    const [app] = tiny.apps;
    if (!only || !app) throw new Error('no run');
    /** app-k loses k requests, but the last two, which lose none: of these app-(n − 1) is exposed. */
    const many = (count: number): string => {
      const of = experiment([{ label: 'static-peak' }], 1);
      const apps = Array.from({ length: count }, (_, k) => ({ ...app, name: appName(`app-${String(k)}`) }));
      const rows = apps.map(({ name }, k): Row => ({
        ...quiet,
        app: name,
        ...(k < count - 2 ? { unserved: k, success_ratio: 0.5 } : { exposure_s: k === count - 2 ? 0 : 60 }),
      }));
      return screen(
        { ...of, scenario: { ...of.scenario, apps }, runs: [{ ...only, summary: [...rows, { ...quiet, app: 'all' }] }] },
        { bold: false },
      );
    };
    const names = (shown: string) => [...shown.matchAll(/^(app-\d+|all) /gm)].map(([, name]) => name);
    // Up to twenty: all, in the scenario's order.
    expect(names(many(20))).toEqual([...Array.from({ length: 20 }, (_, k) => `app-${String(k)}`), 'all']);
    expect(many(20)).not.toContain('more app');
    // Of 21 the one that is as well as none is left out: app-0 loses nothing, but comes before app-19.
    expect(names(many(21))).toEqual([...Array.from({ length: 18 }, (_, k) => `app-${String(18 - k)}`), 'app-20', 'app-0', 'all']);
    expect(many(21)).toContain('\n1 more app, none of them worse, in summary.csv\n');
    expect(names(many(200))).toEqual([...Array.from({ length: 20 }, (_, k) => `app-${String(197 - k)}`), 'all']);
    expect(many(200)).toContain('\n180 more apps, none of them worse, in summary.csv\n');
    expect(many(200).replace(/\n {2}(?=\S)/g, ' ')).toContain(
      'success objective missed by app-0, app-1, app-2, app-3, app-4 and 193 more.',
    );
    expect(many(8).replace(/\n {2}(?=\S)/g, ' ')).toContain('success objective missed by app-0, app-1, app-2, app-3, app-4, app-5.');
  });

  it('fits 100 columns and about one screen with five strategies, and cannot be steered by notes', () => {
    const five = [
      { label: 'static-peak' },
      { label: 'static-mean', all: losing.all, sale: losing.sale },
      losing,
      { ...losing, label: 'fast-vacate-with-a-very-long-name' },
      sharing,
    ];
    const lines = screen(experiment(five.map((use) => ({ ...use, notes: ['\u001b[2Jgone'] })) as readonly Use[]), { bold: false }).trimEnd().split('\n'); // prettier-ignore
    expect(lines.filter((line) => displayWidth(line) > 100)).toEqual([]);
    expect(lines.length).toBeLessThanOrEqual(56);
    expect(lines.join('')).not.toContain('\u001b');
    expect(lines.join('\n')).toContain('2 more notes in manifest.json (runs, notes)');
  });

  it('is bold on a terminal only', () => {
    expect(screen(experiment([sharing]), { bold: true })).toContain('\u001b[1mWhat it risks (');
  });
});
