import type { Uniform } from '../../src/random/streams.ts';

type Mapping = Record<string, unknown>;

/** A whole scenario drawn at random, at most `longest` minutes: cluster, platform, apps, traffic, faults and one of each built-in strategy, all small. As JSON, which is YAML. `slower`: as much longer do requests take, and so many times fewer come. */
export function drawnScenario(uniform: Uniform, longest = 150, slower = 1): string {
  const number = (low: number, high: number): number => low + (high - low) * uniform();
  const whole = (low: number, high: number): number => Math.floor(number(low, high + 1));
  const pick = <T>(...of: readonly [T, ...T[]]): T => of[Math.floor(uniform() * of.length)] as T;
  /** `more` with probability `p`. */
  const sometimes = (p: number, more: () => Mapping): Mapping => (uniform() < p ? more() : {});
  const span = (low: number, high: number): string => `${String(whole(low, high))}s`;
  const percent = (low: number, high: number): string => `${String(whole(low, high))}%`;

  const horizon = whole(20, longest);
  const clock = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
  const time = (): string => clock(whole(1, horizon - 1));
  const times = (count: number): readonly string[] =>
    [...new Set(Array.from({ length: count }, () => whole(2, horizon - 2)))].sort((a, b) => a - b).map(clock);
  const law = (low: number, high: number): unknown => {
    const median = whole(low, high);
    const constant = `${String(median)}s`;
    return median === 0 || uniform() < 0.5 ? constant : { median: constant, p99: `${String(3 * median)}s`, max: `${String(9 * median)}s` };
  };

  const zones = Object.fromEntries(
    ['east', 'west', 'north'].slice(0, whole(1, 3)).map((zone) => [zone, sometimes(0.3, () => ({ weight: whole(1, 3) }))]),
  );
  const names = ['pay', 'talk', 'game', 'mail'].slice(0, whole(2, 4));
  const traffic = (): Mapping => {
    const [base, peak] = [whole(0, 1500) / slower, whole(1500, 6000) / slower];
    return pick<Mapping>(
      { constant: `${String(peak)}/s` },
      {
        piecewise: [
          { at: '00:00', rate: `${String(base)}/s` },
          ...times(3).flatMap((at) => [{ at, rate: `${String(whole(0, 6000) / slower)}/s` }]),
        ],
      },
      {
        pulse: {
          at: time(),
          rise: span(30, 600),
          hold: span(60, 1200),
          halve: span(30, 600),
          peak: `${String(peak)}/s`,
          base: `${String(base)}/s`,
        },
      },
      { sum: [{ constant: `${String(base)}/s` }, { scale: { of: { constant: `${String(peak)}/s` }, by: percent(10, 90) } }] },
    );
  };
  const app = (): Mapping => ({
    traffic: traffic(),
    service: { time: `${String(slower * pick(5, 10, 25))}ms`, timeout: pick('200ms', '1s', '5s'), cv: pick(0, 1, 2) },
    ...sometimes(0.4, () => ({ noise: { sigma: percent(1, 40), interval: pick('10s', '1m', '5m') } })),
    ...sometimes(0.3, () => ({ retry: { tries: whole(1, 5), delay: pick('1s', '5s', '30s') } })),
    ...sometimes(0.4, () => ({ overflow: true })),
    ...sometimes(0.3, () => ({ forecast: { level: { sigma: percent(1, 40) } } })),
    ...sometimes(0.3, () => ({ surprise: { level: { factor: percent(70, 160) } } })),
    ...sometimes(0.3, () => ({ warmup: { weight: percent(1, 100), for: span(1, 60), shape: pick('step', 'linear') } })),
    ...sometimes(0.3, () => ({ coldPages: { capacity: percent(5, 100), for: span(0, 60) } })),
    ...sometimes(0.3, () => ({ image: { size: pick('200Mi', '2Gi'), preheated: percent(0, 100) } })),
    ...sometimes(0.2, () => ({ startupCpu: pick(1, 4, 6) })),
    ...sometimes(0.3, () => ({ idleCpu: pick('50m', '500m') })),
    startup: law(5, 90),
    drain: span(0, 10),
    terminate: span(0, 20),
  });
  const platform = (): Mapping => ({
    scheduler: { rate: `${String(pick(0.2, 1, 10, 1000))}/s` },
    metrics: { window: pick('1s', '10s', '15s', '1m'), delay: pick('0s', '7s', '15s', '1m') },
    push: law(0, 5),
    limitWrite: law(0, 3),
    status: law(0, 3),
    steps: {
      failure: pick('0%', '1%', '20%', '70%'),
      stall: pick('0%', '5%', '50%'),
      stallFor: span(1, 90),
      tries: whole(1, 4),
      timeout: span(5, 60),
      backoff: span(0, 10),
    },
    pushLoss: pick('0%', '10%', '60%'),
    ratioRamp: pick('0s', '10s', '1m'),
    api: { writes: { rate: `${String(pick(0.5, 5, 1000))}/s`, burst: whole(1, 100) }, watch: law(0, 3) },
    inspection: pick<unknown>('none', { every: '30s' }, { every: '5m' }),
    nodeLoss: { unregister: span(0, 30), detect: span(0, 60), evict: span(0, 300) },
    information: pick('forecast', 'perfect'),
  });
  const lasting = (): Mapping => ({ for: pick<unknown>(span(5, 600), { median: span(5, 300), p95: '20m' }) });
  const nodesHit = (): Mapping =>
    pick<Mapping>({ at: time(), nodes: percent(10, 60) }, { at: time(), zone: 'east' }, { mtbf: `${String(whole(2, 100))}h` });
  const fault = (): Mapping =>
    pick<() => Mapping>(
      () => ({ 'node-loss': { ...nodesHit(), ...lasting() } }),
      () => ({ 'slow-node': { ...nodesHit(), ...lasting(), speed: percent(1, 90) } }),
      () => ({ 'slow-swap': { ...nodesHit(), ...lasting(), speed: percent(1, 90) } }),
      () => ({ 'agent-down': { ...nodesHit(), ...lasting() } }),
      () => ({ 'push-loss': { at: time(), for: span(5, 600), share: percent(1, 100) } }),
      () => ({ 'scheduler-stall': { at: time(), for: span(5, 600) } }),
      () => ({ 'api-stall': { at: time(), for: span(5, 600) } }),
      () => ({ 'slow-registry': { at: time(), for: span(5, 600), speed: percent(1, 90) } }),
    )();

  const members = names.slice(0, whole(2, Math.min(3, names.length)));
  const utilisation = percent(40, 95);
  const rollout = (): Mapping => ({
    batches: pick<unknown>(['100%'], ['10%', '100%'], ['1%', '30%', '60%', '100%']),
    observe: span(0, 60),
    by: pick('spread', 'node'),
    order: pick('break-before-make', 'make-before-break'),
    gate: pick<unknown>('none', {
      success: percent(50, 100),
      p99: pick('200ms', '2s'),
      failedSlots: percent(0, 50),
      otherwise: pick('pause', 'roll-back'),
      judges: pick('both', 'giver'),
    }),
  });
  const [giver = '', taker = ''] = members;
  const switches = times(whole(1, 3)).map((at, i) => ({
    at,
    group: 'shared',
    from: i % 2 === 0 ? giver : taker,
    to: i % 2 === 0 ? taker : giver,
  }));
  const strategies: Mapping = {
    'static-peak': { utilisation },
    'static-mean': { utilisation },
    'vacate-and-move': {
      utilisation,
      plan: times(whole(1, 2)).map((at, i) => ({ at, from: i === 0 ? giver : taker, to: i === 0 ? taker : giver })),
    },
    'time-share': { utilisation, slots: { shared: whole(1, 12) }, plan: switches, rollout: rollout() },
    cron: { utilisation, plan: times(3).map((at) => ({ at, app: pick(names[0] ?? '', ...names.slice(1)) })) },
    'warm-pool': { utilisation, pool: percent(1, 80), refill: pick('needed', 'full') },
  };
  return JSON.stringify(
    {
      name: 'drawn',
      start: '2019-11-11T00:00:00+08:00',
      horizon: `${String(horizon)}m`,
      seed: whole(0, 1e6),
      replications: 1,
      cluster: {
        nodes: whole(Object.keys(zones).length, 12),
        node: { cpu: 32, memory: '128Gi', swapOut: pick('200MB/s', '2GB/s'), swapIn: pick('200MB/s', '2GB/s') },
        zones,
      },
      platform: platform(),
      defaults: { pod: { cpu: 4, memory: '8G' }, keepAlive: { cpu: 1, memory: '2G', traffic: '1%', swap: '2G', release: '4G' } },
      apps: Object.fromEntries(names.map((name) => [name, app()])),
      groups: { shared: { apps: members, slot: { cpu: 4 + members.length - 1, memory: '16G' } } },
      faults: Array.from({ length: whole(0, 4) }, fault),
      strategies,
      results: { interval: pick('10s', '1m', '7m'), detail: 'all' },
    },
    undefined,
    1,
  );
}
