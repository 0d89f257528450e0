import { type Claim, counted } from './claim.ts';
import { type Draw, drawFrom } from './draw.ts';
import { drawnWorld, type World, written } from './drawn-world.ts';
import type { ClaimGroup } from './group.ts';
import { ofApp, type Played, played, related, type Relation, summaryNumber } from './played.ts';
import type { Written } from './small-scenario.ts';

type Mapping = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const files = ['summary', 'apps', 'operations', 'switches', 'pods', 'nodes'] as const;
const labels = ['static-peak', 'time-share'] as const;
const sameIn = (of: readonly (keyof Played)[], a: Played, b: Played, relation: Relation = {}): boolean =>
  of.every((file) => related(file, a[file], b[file], relation));
const sameOf = (app: string, a: Played, b: Played, relation: Relation = {}): boolean =>
  (['summary', 'apps'] as const).every((file) => related(file, ofApp(a[file], app), ofApp(b[file], app), relation));
const bothLabels = (a: Written, b: Written, holds: (a: Played, b: Played) => boolean): boolean =>
  labels.every((label) => holds(played(a, label), played(b, label)));

/** Sums over the same time that are cut at other moments, as readers look at other times, differ in their last bits. */
const rounding: Relation = { tolerance: 1e-9 };

/** With noise, which is drawn from a stream named by the app. */
const noisy = (draw: Draw): World => ({ ...drawnWorld(draw), sigma: 0.1 });

/** What is the same whatever the scale of time or resources, but not counted in a unit of its own, or counted in windows of fixed length. */
const unscaled = ['fingerprint', 'events', 'cost', 'reason', 'seed'];

function timesScaled(draw: Draw): boolean {
  const world = drawnWorld(draw);
  const factors = { s: 2, ms: 2, 'core hours': 2, 'requests/s': 0.5, 'bytes/s': 0.5 };
  const relation = { but: [...unscaled, 'slo_violation_s', 'used_core_max', 'gate_response_p99_ms'], factors, tolerance: 1e-6 };
  return bothLabels(written(world), written({ ...world, time: 2 }), (a, b) => sameIn(files, a, b, relation));
}

function unitsScaled(draw: Draw): boolean {
  const world = drawnWorld(draw);
  const factors = { cores: 2, 'core hours': 2, GiB: 2, bytes: 2, 'bytes/s': 2 };
  const responses = ['mean', 'p50', 'p95', 'p99', 'p999'].map((name) => `response_${name}_ms`);
  const but = [...unscaled, ...responses, 'gate_response_p99_ms', 'goodput_ratio', 'slo_violation_s'];
  const relation = { but, factors, tolerance: 1e-6 };
  return bothLabels(written(world), written({ ...world, units: 2 }), (a, b) => sameIn(files, a, b, relation));
}

function renamed(draw: Draw): boolean {
  const world = drawnWorld(draw);
  const [first, second] = world.apps;
  const others = { ...world, apps: [{ ...first, name: 'zebra' }, { ...second, name: 'ant' }] as const, group: 'g', zones: world.zones.map((zone) => `x-${zone}`) }; // prettier-ignore
  const text = (old: string): string => old.replace(/gala/g, 'zebra').replace(/sale/g, 'ant').replace(/night/g, 'g').replace(/(east|west)/g, 'x-$1'); // prettier-ignore
  return bothLabels(written(world), written(others), (a, b) => sameIn(files, a, b, { but: ['fingerprint'], text }));
}

function idleApp(draw: Draw): boolean {
  const base = written(noisy(draw));
  const more = { ...base, apps: { ...base.apps, idle: { traffic: { constant: '0/s' }, allowNoExclusive: true } } };
  const others = (rows: Played['apps']) => rows.filter((row) => row['app'] !== 'idle');
  return bothLabels(base, more, (a, b) => {
    const own = { ...b, summary: others(b.summary), apps: others(b.apps) };
    return sameIn(['summary', 'apps', 'switches', 'pods', 'nodes'], a, own, { but: ['fingerprint', 'operation'] });
  });
}

function taintedNodes(draw: Draw): boolean {
  const base = written(noisy(draw));
  const cluster = base['cluster'] as Mapping;
  const more = {
    ...base,
    cluster: { ...cluster, pools: { spare: { nodes: 2, node: { ...cluster['node'], taints: ['spare:NoSchedule'] } } } },
  };
  return bothLabels(base, more, (a, b) => {
    const own = { ...b, nodes: b.nodes.filter((row) => !String(row['node']).includes('spare')) };
    return sameIn(files, a, own, { but: ['planned_nodes', 'fingerprint'] });
  });
}

function prefix(draw: Draw): boolean {
  const world = noisy(draw);
  const [short, long] = [world, { ...world, horizon: 2 * world.horizon }].map((each) => played(written(each), 'time-share')) as [Played, Played]; // prettier-ignore
  const early = (rows: Played['apps'], column: string) =>
    rows.filter((row) => row[column] !== undefined && Number(row[column]) <= world.horizon);
  return (
    related('apps', short.apps, early(long.apps, 'to_s'), rounding) &&
    related('nodes', short.nodes, early(long.nodes, 'to_s'), rounding) &&
    related('switches', early(short.switches, 'ended_s'), early(long.switches, 'ended_s'))
  );
}

function plenty(draw: Draw): boolean {
  const base = written({ ...drawnWorld(draw), nodes: 400 });
  const run = played({ ...base, strategies: { 'static-peak': { utilisation: '1%' } } }, 'static-peak');
  const of = (column: string): number => summaryNumber(run, 'all', column);
  // 10 ms of service, 0.2 ms of sidecar on one of 4 cores of which 0.1 idle, and 1 ms off CPU.
  const response = 1 + 10.2 / (3.9 / 4);
  return (
    ['unserved', 'rejected', 'timed_out', 'lost', 'backlog_end', 'exposure_s'].every((column) => of(column) === 0) &&
    of('served') === of('offered') &&
    Math.abs(of('response_mean_ms') - response) < 1e-4 * response
  );
}

function permuted(draw: Draw): boolean {
  const world = noisy(draw);
  const base = written({ ...world, nodes: 20 });
  const turned = { ...base, apps: Object.fromEntries(Object.entries(base.apps).reverse()) };
  const [a, b] = [base, turned].map((each) => played(each, 'static-peak')) as [Played, Played];
  return world.apps.every(({ name }) => sameOf(name, a, b));
}

/** Two worlds on nodes of their own in one scenario; `which` of them are there. */
function beside(worlds: readonly World[], which: readonly number[]): Written {
  const parts = worlds.map((world, i) => {
    const part = written(world);
    const home = { nodeAffinity: { required: [i === 0 ? 'pool=main' : 'pool=other'] } };
    return { ...part, apps: Object.fromEntries(Object.entries(part.apps).map(([name, app]) => [name, { ...app, ...home }])) };
  });
  const chosen = which.map((i) => parts[i] as Written);
  const first = parts[0] as Written;
  const together = (key: string): object => Object.assign({}, ...chosen.map((part) => part[key] as object)) as object;
  const options = chosen.map((part) => (part['strategies'] as Mapping)['time-share'] as { slots: object; pods: object; plan: readonly unknown[] }); // prettier-ignore
  const cluster = first['cluster'] as Mapping;
  return {
    ...first,
    cluster: { ...cluster, pools: { other: { nodes: cluster['nodes'], node: cluster['node'] } } },
    apps: together('apps') as Written['apps'],
    groups: together('groups'),
    strategies: {
      'time-share': {
        ...options[0],
        slots: Object.assign({}, ...options.map(({ slots }) => slots)) as object,
        pods: Object.assign({}, ...options.map(({ pods }) => pods)) as object,
        plan: options.flatMap(({ plan }) => plan),
      },
    },
  };
}

function independent(draw: Draw): boolean {
  const one = noisy(draw);
  const second = drawnWorld(draw);
  const [gala, sale] = second.apps;
  const other: World = {
    ...one,
    group: 'dawn',
    apps: [{ ...gala, name: 'talk', exclusive: one.zones.length }, { ...sale, name: 'mail', exclusive: one.zones.length }],
    slots: second.slots,
    switchAt: 1 + Math.min(second.switchAt, one.horizon - 60),
  }; // prettier-ignore
  const worlds = [one, other];
  const all = played(beside(worlds, [0, 1]), 'time-share');
  return worlds.every((world, i) => {
    const alone = played(beside(worlds, [i]), 'time-share');
    const own = (of: Played): Played['switches'] => of.switches.filter((row) => world.apps.some(({ name }) => name === row['from_app']));
    return (
      world.apps.every(({ name }) => sameOf(name, alone, all, rounding)) &&
      related('switches', alone.switches, own(all), { but: ['operation', 'slot'] })
    );
  });
}

/** What must follow from what, whatever the world; each with the conditions under which it is a theorem of the model. */
const theorems: readonly { readonly name: string; readonly source: string; readonly holds: (draw: Draw) => boolean }[] = [
  { name: 'all times twice as long, rates and bandwidths half: all rows alike, times twice', source: 'change of unit, to 1e-6; without windows of fixed length (10 s: objective violations, largest use), what gates saw (whole µs) and costs', holds: timesScaled },
  { name: 'CPU, memory, bandwidths and CPU per request doubled: all rows alike, resources twice', source: 'change of unit, to 1e-6; without responses, whose law counts whole cores per pod, and costs', holds: unitsScaled },
  { name: 'other names for apps, groups and zones: the same rows under these names', source: 'nothing random, since streams are named by app; order kept', holds: renamed },
  { name: 'one app more that has no traffic and no pods: the same rows of the others', source: 'declared last, without exclusive pods; numbers of operations apart; with noise', holds: idleApp },
  { name: 'two nodes more with a taint that nobody tolerates: the same rows', source: 'in a pool of their own; with noise', holds: taintedNodes },
  { name: 'a horizon twice as long: the same rows up to the first end', source: 'numbers of pods and slots given, since sizing looks at the whole horizon; to 1e-9: sums are cut at other moments; with noise', holds: prefix },
  { name: 'capacity for a hundred times the peak: nothing unserved, no wait, no exposure', source: 'M/M/k at load 0.01: response = time off CPU + service, to 1e-4', holds: plenty },
  { name: 'apps declared in another order: the same rows of each', source: 'room for all, nobody shares; noise by name', holds: permuted },
  { name: 'two groups of apps on nodes of their own: each as alone', source: 'the API server’s bucket does not run dry; no pods made after the opening; to 1e-9: sums are cut at other moments; with noise', holds: independent },
]; // prettier-ignore

export const relations: ClaimGroup = {
  name: 'relations',
  title: 'What one run says about another: theorems of the model on drawn worlds, with their conditions',
  *claims({ quick, seed }): Generator<Claim> {
    const cases = quick ? 4 : 100;
    for (const { name, source, holds } of theorems) {
      const draw = drawFrom(seed, `relations/${name}`);
      const violations = Array.from({ length: cases }, () => holds(draw)).filter((held) => !held).length;
      yield counted({ name, source }, violations, cases);
    }
  },
};
