import type { Uniform } from '../../src/random/streams.ts';

type Mapping = Record<string, unknown>;

/** A small scenario of what the reference covers, drawn at random: as JSON, which is YAML. Spans are often whole seconds, so that much falls on one instant. */
export function drawn(uniform: Uniform): string {
  const whole = (low: number, high: number): number => low + Math.floor((high - low + 1) * uniform());
  const pick = <T>(...of: readonly [T, ...T[]]): T => of[Math.floor(uniform() * of.length)] as T;
  const sometimes = (p: number, more: () => Mapping): Mapping => (uniform() < p ? more() : {});
  const span = (low: number, high: number): string => `${String(whole(low, high))}s`;
  const percent = (low: number, high: number): string => `${String(whole(low, high))}%`;
  const many = <T>(least: number, most: number, make: () => T): T[] => Array.from({ length: whole(least, most) }, make);

  const minutes = whole(20, 38);
  const clock = (second: number): string =>
    `00:${String(Math.floor(second / 60)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}`;
  const time = (): string => clock(uniform() < 0.5 ? 30 * whole(1, 2 * minutes - 1) : whole(1, minutes * 60 - 1));
  /** Seconds at which switches are ordered, so that faults can follow them. */
  const moments: number[] = [];
  const soonAfter = (): string => {
    const moment = moments[Math.floor(uniform() * moments.length)];
    return moment === undefined || uniform() < 0.4 ? time() : clock(Math.min(minutes * 60 - 1, moment + whole(0, 30)));
  };
  const ordered = (at: string): string => {
    const [, minute = 0, second = 0] = at.split(':').map(Number);
    moments.push(60 * minute + second);
    return at;
  };
  const times = (count: number): readonly string[] =>
    [...new Set(Array.from({ length: count }, () => whole(2, minutes - 2)))].sort((a, b) => a - b).map((minute) => clock(minute * 60));
  const law = (low: number, high: number): unknown => {
    const median = whole(low, high);
    return median === 0 || uniform() < 0.6
      ? `${String(median)}s`
      : { median: `${String(median)}s`, p99: `${String(3 * median)}s`, max: `${String(9 * median)}s` };
  };

  const zones = ['east', 'west', 'north'].slice(0, whole(1, 3));
  const nodes = whole(zones.length, 7);
  const names = ['pay', 'talk', 'game', 'mail', 'ride'].slice(0, pick(2, 3, 3, 5)) as [string, string, ...string[]];
  const members = names.slice(0, whole(2, Math.min(3, names.length))) as [string, string, ...string[]];
  const others = names.length === 5 ? ['mail', 'ride'] : [];
  // No mean over a metrics window is half a request: reasons of pre-checks round it.
  const rate = (): string => `${String(whole(1, pick(200, 1500)))}.0137/s`;

  const app = (): Mapping => ({
    traffic: pick<Mapping>(
      { constant: rate() },
      { piecewise: [{ at: '00:00', rate: rate() }, ...times(3).map((at) => ({ at, rate: rate() }))] },
    ),
    service: { time: '10ms' },
    ...sometimes(0.3, () => ({ noise: { sigma: percent(1, 30), interval: '1m' } })),
    ...sometimes(0.3, () => ({ forecast: { level: { sigma: percent(1, 30) } } })),
    ...sometimes(0.5, () => ({ warmup: { weight: percent(1, 99), for: span(0, 40), shape: pick('step', 'linear') } })),
    ...sometimes(0.3, () => ({ image: { size: pick('200Mi', '1Gi', '3Gi'), preheated: percent(0, 100) } })),
    ...sometimes(0.2, () => ({ priority: whole(-2, 2) })),
    ...sometimes(0.2, () => ({ tolerations: ['dedicated'] })),
    ...sometimes(0.2, () => ({
      nodeAffinity: pick<Mapping>(
        { required: ['disk=ssd', 'topology.kubernetes.io/zone=east'] },
        { required: ['!disk'] },
        { preferred: [{ weight: whole(1, 100), term: 'disk=ssd' }] },
      ),
    })),
    ...sometimes(0.2, () => ({ allowNoExclusive: true })),
    ...sometimes(0.2, () => ({ startupCpu: pick(1, 3, 6, 9) })),
    ...sometimes(0.2, () => ({ idleCpu: '300m' })),
    ...sometimes(0.3, () => ({ pod: { cpu: pick(2, 4), memory: pick('6G', '8G') } })),
    startup: law(1, 60),
    drain: span(0, 10),
    terminate: span(0, 20),
  });

  const platform = (): Mapping => ({
    scheduler: {
      rate: `${String(pick(0.1, 0.5, 1, 10, 1000))}/s`,
      ...sometimes(0.3, () => ({ backoff: { initial: span(1, 5), max: span(5, 30) } })),
      ...sometimes(0.3, () => ({ flushAfter: span(10, 300) })),
      profile: pick('default', 'bin-packing', 'own'),
      profiles: {
        own: {
          scoring: pick('LeastAllocated', 'MostAllocated'),
          zoneSpread: { maxSkew: whole(1, 3), whenUnsatisfiable: pick('DoNotSchedule', 'ScheduleAnyway') },
          weights: {
            NodeResourcesFit: whole(0, 3),
            TaintToleration: whole(0, 3),
            NodeAffinity: whole(0, 3),
            PodTopologySpread: whole(0, 3),
          },
        },
      },
    },
    ...sometimes(0.5, () => ({ registry: { bandwidth: pick('100MB/s', '1GB/s'), perNode: pick('50MB/s', '300MB/s') } })),
    metrics: { window: pick('10s', '15s', '1m'), delay: pick('0s', '7s', '15s') },
    push: law(0, 5),
    limitWrite: law(0, 3),
    status: law(0, 3),
    steps: {
      failure: pick('0%', '0%', '10%', '60%'),
      stall: pick('0%', '0%', '30%'),
      stallFor: span(1, 60),
      tries: whole(1, 4),
      timeout: span(5, 60),
      backoff: span(0, 10),
    },
    pushLoss: pick('0%', '0%', '30%'),
    ratioRamp: pick('0s', '0s', '10s', '33s'),
    api: { writes: { rate: `${String(pick(0.3, 1, 10, 1000))}/s`, burst: pick(1, 2, 5, 1000) }, watch: law(0, 2) },
    inspection: pick<unknown>('none', { every: '30s' }, { every: '3m' }),
    nodeLoss: { unregister: span(0, 30), detect: span(0, 60), evict: span(0, 240) },
    information: pick('forecast', 'perfect'),
    ...sometimes(0.15, () => ({
      changeWindows: many(1, 3, () => whole(1, minutes - 6)).map((from) => ({ from: clock(from * 60), to: clock((from + 5) * 60) })),
    })),
  });

  const lasting = (): Mapping => ({ for: pick<unknown>(span(3, 40), span(5, 400), { median: span(5, 200), p95: '15m' }) });
  const hit = (): Mapping =>
    pick<Mapping>({ at: soonAfter(), nodes: percent(10, 60) }, { at: soonAfter(), zone: 'east' }, { mtbf: `${String(whole(1, 20))}h` });
  const fault = (): Mapping =>
    pick<() => Mapping>(
      () => ({ 'node-loss': { ...hit(), ...lasting() } }),
      () => ({ 'node-loss': { ...hit(), ...lasting() } }),
      () => ({ 'slow-node': { ...hit(), ...lasting(), speed: percent(1, 90) } }),
      () => ({ 'slow-swap': { ...hit(), ...lasting(), speed: percent(1, 90) } }),
      () => ({ 'agent-down': { ...hit(), ...lasting() } }),
      () => ({ 'push-loss': { at: soonAfter(), for: span(5, 400), share: percent(1, 100) } }),
      () => ({ 'scheduler-stall': { at: soonAfter(), for: span(5, 400) } }),
      () => ({ 'api-stall': { at: soonAfter(), for: span(5, 400) } }),
      () => ({ 'slow-registry': { at: soonAfter(), for: span(5, 400), speed: percent(1, 90) } }),
    )();

  const rollout = (): Mapping => ({
    batches: pick<unknown>(['100%'], ['10%', '100%'], ['30%', '60%', '100%']),
    observe: span(0, 40),
    pause: pick('0s', '20s'),
    by: pick('spread', 'node'),
    order: pick('break-before-make', 'make-before-break'),
    gate: pick<unknown>('none', { success: '0%', p99: '1h', failedSlots: percent(0, 60), otherwise: pick('pause', 'roll-back') }),
  });
  const [giver, taker] = members;
  const shift = (i: number): Mapping => (i % 2 === 0 ? { from: giver, to: taker } : { from: taker, to: giver });
  const member = (): string => pick(...members);
  const fleet = (name: string, standby = whole(0, 3)): Mapping => ({ app: name, pods: whole(0, 6), ...(standby > 0 ? { standby } : {}) });
  const order = (): Mapping =>
    pick<() => Mapping>(
      () => ({ scale: fleet(pick(...names)) }),
      () => ({ reserve: { group: 'shared', slots: whole(0, 8), holder: member() } }),
      () => ({ switch: { group: 'shared', from: member(), to: taker, slots: whole(1, 8), rollout: rollout() } }),
      () => ({ switch: { group: 'shared', ...shift(whole(0, 1)), slots: whole(1, 8), rollout: rollout() } }),
      () =>
        others.length === 0
          ? { scale: fleet(pick(...names)) }
          : { switch: { group: 'other', from: pick('mail', 'ride'), to: pick('mail', 'ride'), slots: whole(1, 4), rollout: rollout() } },
      () => ({ stop: { kind: pick('pause', 'resume', 'roll-back'), nth: whole(0, 3) } }),
    )();
  const utilisation = percent(50, 95);
  const strategies: Mapping = {
    'static-peak': { utilisation },
    'static-mean': { utilisation },
    script: {
      open: {
        scale: names.map((name) => fleet(name, 0)),
        reserve: [
          { group: 'shared', slots: whole(1, 8), holder: giver },
          ...others.slice(0, 1).map((holder) => ({ group: 'other', slots: whole(1, 4), holder })),
        ],
      },
      later: many(2, 14, () => ({ at: ordered(time()), ...order() })),
      ...sometimes(0.3, () => ({ period: span(20, 300) })),
      periodic: many(0, 8, order),
      onNews: many(0, 6, order),
    },
    cron: { utilisation, plan: times(3).map((at) => ({ at, app: pick(...names) })) },
    'vacate-and-move': { utilisation, plan: times(2).map((at, i) => ({ at, ...shift(i) })) },
    'time-share': {
      utilisation,
      slots: { shared: whole(1, 8) },
      plan: times(3).map((at, i) => ({ at: ordered(at), group: 'shared', ...shift(i) })),
      rollout: rollout(),
    },
    'warm-pool': { utilisation, pool: percent(10, 80), refill: pick('needed', 'full'), trigger: pick('forecast', 'load', 'both') },
  };
  return JSON.stringify({
    name: 'drawn',
    start: '2019-11-11T00:00:00+08:00',
    horizon: `${String(minutes)}m`,
    seed: whole(0, 1e6),
    cluster: {
      nodes,
      node: {
        cpu: pick(16, 32),
        memory: pick('48Gi', '128Gi'),
        swapOut: pick('200MB/s', '2GB/s'),
        swapIn: pick('300MB/s', '1GB/s'),
        ...sometimes(0.3, () => ({ systemReserved: { cpu: 1, memory: '2Gi' } })),
        ...sometimes(0.2, () => ({ pods: whole(4, 12) })),
      },
      ...sometimes(0.4, () => ({
        pools: {
          fast: {
            nodes: whole(1, 3),
            node: {
              cpu: 24,
              memory: '64Gi',
              labels: { disk: 'ssd' },
              taints: many(0, 1, () => pick('dedicated:NoSchedule', 'dedicated:PreferNoSchedule')),
            },
          },
        },
      })),
      zones: Object.fromEntries(zones.map((zone) => [zone, sometimes(0.2, () => ({ weight: whole(1, 3) }))])),
    },
    platform: platform(),
    defaults: { pod: { cpu: 4, memory: '8G' }, keepAlive: { cpu: 1, memory: '2G', traffic: '1%', swap: '2G', release: '4G' } },
    apps: Object.fromEntries(names.map((name) => [name, app()])),
    groups: {
      shared: { apps: members, slot: { cpu: 4 + members.length - 1, memory: '16G' } },
      ...(others.length > 0 ? { other: { apps: others, slot: { cpu: 5, memory: '12G' } } } : {}),
    },
    faults: many(0, 4, fault),
    strategies,
    results: { interval: '1h', detail: 'all' },
  });
}
