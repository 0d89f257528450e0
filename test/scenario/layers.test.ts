import { describe, expect, it } from 'vitest';
import { duration, time } from '../../src/base/units.ts';
import { changed, complaints, decode, errorOf, folder, recordings, least } from './fixtures.ts';

const second = 1e6;

describe('extends', () => {
  const child = (text: string, files: Readonly<Record<string, string>>) =>
    decode(text, { file: 'dir/a.yaml', open: folder(files) }).scenario;

  it('lays a file on another: mappings are merged, lists and values replaced', () => {
    const scenario = child(
      'extends: ./base.yaml\nname: other\napps: { shop: { service: { timeout: 3s } } }\ngroups: { morning: { apps: [forest, shop] } }\n',
      { 'dir/base.yaml': least },
    );
    expect(scenario.name).toBe('other');
    expect(scenario.file).toBe('dir/a.yaml');
    expect(scenario.apps.map((app) => [app.name, app.service.time, app.service.timeout])).toEqual([
      ['shop', 8000, 3 * second],
      ['forest', 6000, second],
    ]);
    expect(scenario.groups[0]?.apps).toEqual(['forest', 'shop']);
  });

  it('takes a list of files, of which later ones lie above earlier ones', () => {
    const scenario = child('extends: [base.yaml, ../more.yaml]\nseed: 3\n', {
      'dir/base.yaml': least,
      'more.yaml': 'seed: 2\nhorizon: 10h\n',
    });
    expect([scenario.seed, scenario.horizon]).toEqual([3, 10 * 3600 * second]);
  });

  it('replaces a block of traffic by another and a quantile by another', () => {
    const base = `${least}platform: { push: { median: 2s, p95: 5s } }\n`;
    const scenario = child(
      'extends: base.yaml\napps: { shop: { traffic: { constant: 7/s }, startup: { p99: 300s } } }\nplatform: { push: { p99.9: 8s } }\n',
      { 'dir/base.yaml': base },
    );
    expect(scenario.apps[0]?.traffic).toEqual({ kind: 'constant', rate: 7 });
    expect(scenario.apps[0]?.startup.median).toBe(45 * second);
    expect(scenario.platform.push.median).toBe(2 * second);
  });

  it('changes a part of a block of traffic where the block is the same', () => {
    const scenario = child('extends: base.yaml\napps: { shop: { traffic: { pulse: { peak: 50000/s } } } }\n', { 'dir/base.yaml': least });
    expect(scenario.apps[0]?.traffic).toMatchObject({ kind: 'pulse', peak: 50_000, base: 2000, at: time(4 * 3600 * second) });
  });

  it('names the file in which a wrong value was written', () => {
    const files = { 'dir/base.yaml': changed(least, 'time: 8ms', 'time: 8') };
    expect(complaints('extends: base.yaml\nhorizon: 9\n', { file: 'dir/a.yaml', open: folder(files) })).toEqual([
      'dir/a.yaml:2:10 horizon: read 9: add a unit: 9s, 9m or 9ms',
      'dir/base.yaml:6:30 apps.shop.service.time: read 8: add a unit: 8s, 8m or 8ms',
    ]);
  });

  it.each([
    ['itself', { 'a.yaml': 'extends: a.yaml\n' }, '1:10 extends: a.yaml extends a.yaml: a file cannot extend itself'],
    [
      'a file that extends it',
      { 'a.yaml': 'extends: b.yaml\n', 'b.yaml': 'extends: ./a.yaml\n' },
      'b.yaml:1:10 extends: a.yaml extends b.yaml extends a.yaml: a file cannot extend itself',
    ],
    ['what does not exist', { 'a.yaml': 'extends: [c.yaml]\n' }, '1:11 extends: c.yaml does not exist'],
    ['a number', { 'a.yaml': 'extends: 3\n' }, '1:10 extends: read 3: expected a path such as ./base.yaml, or a list of them'],
    [
      'a list as a whole file',
      { 'a.yaml': 'extends: b.yaml\n', 'b.yaml': '- 1\n' },
      'b.yaml:1:1 : read a list: expected a mapping with name, start, horizon, cluster, apps and strategies',
    ],
    [
      'an empty file',
      { 'a.yaml': 'extends: b.yaml\n', 'b.yaml': '# nothing\n' },
      'b.yaml:1:1 : is empty: expected a mapping with name, start, horizon, cluster, apps and strategies',
    ],
  ])('refuses to extend %s', (_, files: Readonly<Record<string, string>>, complaint) => {
    expect(complaints(files['a.yaml'] ?? '', { open: folder(files) })).toEqual([complaint]);
  });

  it('goes eight files deep and no deeper', () => {
    const chain = (length: number) =>
      Object.fromEntries([
        ...Array.from({ length }, (_, i) => [`b${String(i)}.yaml`, i === length - 1 ? least : `extends: b${String(i + 1)}.yaml\n`]),
      ]) as Record<string, string>;
    expect(decode('extends: b0.yaml\n', { open: folder(chain(8)) }).scenario.name).toBe('mine');
    expect(complaints('extends: b0.yaml\n', { open: folder(chain(9)) })).toEqual(['b7.yaml:1:10 extends: extends more than 8 files deep']);
  });

  it('stops where files branch without end', () => {
    const files = Object.fromEntries(
      Array.from({ length: 9 }, (_, i) => [
        `b${String(i)}.yaml`,
        i === 8 ? least : `extends: [b${String(i + 1)}.yaml, b${String(i + 1)}.yaml, b${String(i + 1)}.yaml]\n`,
      ]),
    ) as Record<string, string>;
    expect(errorOf(files['b0.yaml'] ?? '', { file: 'b0.yaml', open: folder(files) }).message).toContain('extends more than 64 files');
  });
});

describe('defaults', () => {
  it('lie between the built-in defaults and what an app says', () => {
    const { scenario } = decode(
      `${least}defaults: { service: { timeout: 2s }, pod: { cpu: 3 }, drain: 9s }\n`.replace('shop:   {', 'shop:   { drain: 1s, '),
    );
    expect(scenario.apps.map((app) => [app.service.timeout, app.service.cv, app.pod.cpu, app.pod.memory, app.drain])).toEqual([
      [2 * second, 1, 3000, 8 * 1024 ** 3, second],
      [2 * second, 1, 3000, 8 * 1024 ** 3, 9 * second],
    ]);
  });

  it('are wrong once, at their own place, however many apps use them', () => {
    expect(complaints(`${least}defaults: { drain: 9, warmup: { wait: 3s }, keepAlive: 3 }\n`)).toEqual([
      '13:20 defaults.drain: read 9: add a unit: 9s, 9m or 9ms',
      '13:33 defaults.warmup.wait: unknown key; known keys: weight, for, shape',
      '13:56 defaults.keepAlive: read 3: expected a mapping with cpu, memory, traffic, swap, release',
    ]);
  });

  it('may be left empty, as may every section that need not be there', () => {
    expect(decode(`${least}defaults:\nplatform:\nresults:\nprices:\nlimits:\n`).scenario).toEqual(decode(least).scenario);
  });

  it('that cannot be with what an app says are named, at what the app says', () => {
    // The built-in p95 of 180 s is below the median of 300 s that the app gives.
    expect(complaints(changed(least, 'shop:   {', 'shop:   { startup: { median: 300s },'))).toEqual([
      '6:13 apps.shop.startup.p95: is less than the median (by default 180s)',
    ]);
  });
});

describe('aliases', () => {
  it('are wrong where their anchor is, and only once', () => {
    const text = least.replace('service: { time: 8ms }', 'service: &s { time: 8 }').replace('service: { time: 6ms }', 'service: *s');
    expect(complaints(text)).toEqual(['6:33 apps.shop.service.time: read 8: add a unit: 8s, 8m or 8ms']);
  });
});

describe('--set', () => {
  const set = (...args: string[]) => decode(least, { set: args }).scenario;
  const complain = (...args: string[]) => complaints(least, { set: args });

  it('changes one value, in mappings and lists', () => {
    const scenario = set('apps.shop.service.time=20ms', 'strategies.time-share.plan.0.at=06:00', 'seed=7', 'cluster.node.cpu=32');
    expect(scenario.apps[0]?.service.time).toBe(duration(20_000));
    expect(scenario.strategies[1]?.options).toMatchObject({ plan: [{ at: 10 * 3600 * second }] });
    expect([scenario.seed, scenario.cluster.pools[0]?.node.cpu]).toEqual([7, 32_000]);
  });

  it('makes the mappings on the way, also under a label without options', () => {
    const scenario = set(
      'strategies.static-peak.utilisation=60%',
      'strategies.time-share.slots.morning=30',
      'platform.push.median=3s',
      'platform.push.p99.9=9s',
    );
    expect(scenario.strategies.map((use) => use.given)).toMatchObject([{ utilisation: '60%' }, { slots: { morning: 30 } }]);
    expect(scenario.platform.push.median).toBe(3 * second);
  });

  it('adds an item behind the last of a list, and a whole app', () => {
    const scenario = set(
      'strategies.time-share.plan.1={ at: 07:30, group: morning, from: forest, to: shop }',
      'apps.third={ service: { time: 1ms }, traffic: { constant: 5/s } }',
    );
    expect(scenario.strategies[1]?.options).toMatchObject({ plan: [{ from: 'shop' }, { from: 'forest' }] });
    expect(scenario.apps.map((app) => app.name)).toEqual(['shop', 'forest', 'third']);
  });

  it('finds keys that hold dots, in quotes or not', () => {
    const text = least.replaceAll('shop', 'shop.v2');
    for (const path of ['apps.shop.v2.drain=8s', 'apps."shop.v2".drain=8s'])
      expect(decode(text, { set: [path] }).scenario.apps[0]?.drain).toBe(8 * second);
  });

  it('comes after extends, and later arguments after earlier ones', () => {
    expect(decode('extends: base.yaml\nseed: 2\n', { open: folder({ 'base.yaml': least }), set: ['seed=3', 'seed=4'] }).scenario.seed).toBe(
      4,
    );
  });

  it.each([
    ['a value without unit', 'apps.shop.service.time=20', '--set:1:24 apps.shop.service.time: read 20: add a unit: 20s, 20m or 20ms'],
    ['an unknown key', 'cluster.nods=20', '--set:1:9 cluster.nods: unknown key; known keys: nodes, node, pools, zones, network [nodes]'],
    ['an unknown app', 'apps.shp.service.time=20ms', '--set:1:6 apps.shp: there is no "shp" in apps; known: shop, forest [shop]'],
    [
      'an unknown label',
      'strategies.time-shar.slots=3',
      '--set:1:12 strategies.time-shar: there is no "time-shar" in strategies; known: static-peak, time-share [time-share]',
    ],
    ['something inside a value', 'horizon.hours=3', '--set:1:9 horizon: horizon is "12h": there is nothing to set inside it'],
    [
      'an index beyond the list',
      'strategies.time-share.plan.3.at=06:00',
      '--set:1:28 strategies.time-share.plan: strategies.time-share.plan is a list: expected an index from 0 to 1, read "3"',
    ],
    [
      'a word as an index',
      'strategies.time-share.plan.first=1',
      '--set:1:28 strategies.time-share.plan: strategies.time-share.plan is a list: expected an index from 0 to 1, read "first"',
    ],
    ['no value', 'seed', '--set:1:1 : expected PATH=VALUE, such as apps.pay.service.time=20ms'],
    ['no path', '=3', '--set:1:1 : expected PATH=VALUE, such as apps.pay.service.time=20ms'],
    ['a value that is not YAML', 'seed=[1', '--set:1:8 seed: is not YAML: flow sequence must end with a ]'],
    ['a key that would reach a prototype', 'apps.__proto__={}', '--set:1:6 : __proto__ is not allowed as a key'],
  ])('refuses %s', (_, argument, complaint) => {
    expect(complain(argument)).toEqual([complaint]);
  });

  it('is shown with the argument and a caret', () => {
    expect(errorOf(least, { set: ['apps.shop.service.time=20'] }).message).toBe(
      [
        '--set apps.shop.service.time: read 20: add a unit: 20s, 20m or 20ms',
        '  | apps.shop.service.time=20',
        '  |                        ^',
      ].join('\n'),
    );
  });
});

describe('a trace', () => {
  const csv = `timestamp,value\n${Array.from({ length: 13 }, (_, i) => `${String(i * 3600)},${String(i * 3600)}`).join('\n')}\n`;
  const traced = changed(
    least,
    'pulse: { at: 00:00, rise: 30s, hold: 5m, halve: 7m, peak: 40000/s, base: 2000/s }',
    'trace: { file: t.csv, unit: per-step }',
  );

  it('lies beside the file that names it, also when another file extends that one', () => {
    const more = { open: folder({ 'base/b.yaml': traced }), stream: recordings({ 'base/t.csv': csv }) };
    expect(decode('extends: ../base/b.yaml\n', { file: 'top/a.yaml', ...more }).scenario.apps[0]?.traffic).toMatchObject({
      kind: 'trace',
      step: 3600 * second,
    });
  });

  it('of a surprise lies beside the file that names it too', () => {
    const wave = 'defaults: { surprise: { wave: { trace: { file: t.csv, unit: per-step } } } }\nextends: ../least.yaml\n';
    const more = { open: folder({ 'base/b.yaml': wave, 'least.yaml': least }), stream: recordings({ 'base/t.csv': csv }) };
    const { apps } = decode('extends: ../base/b.yaml\n', { file: 'top/a.yaml', ...more }).scenario;
    expect(apps.map(({ surprise }) => surprise.wave)).toMatchObject([{ kind: 'trace' }, { kind: 'trace' }]);
  });

  it('is not called too short where the horizon is what is wrong', () => {
    expect(complaints(changed(traced, 'horizon: 12h', 'horizon: 12'), { stream: recordings({ 't.csv': csv }) })).toEqual([
      '3:10 horizon: read 12: add a unit: 12s, 12m or 12ms',
    ]);
  });

  it('that is missing or wrong is an issue at its name', () => {
    expect(complaints(traced, { stream: recordings({}) })).toEqual(['6:63 apps.shop.traffic.trace.file: t.csv does not exist']);
    expect(complaints(traced, { stream: recordings({ 't.csv': csv.replace('timestamp', 'time') }) })).toEqual([
      '6:63 apps.shop.traffic.trace.file: t.csv:1: there is no column "timestamp"; the columns are time, value [time]',
    ]);
  });
});
