import type { Uniform } from '../../src/random/streams.ts';

type Mapping = Record<string, unknown>;

/** A small scenario for offline plans, one to three hours long, in which nothing breaks and every pod finds a node: two or three apps, some of them in a group, any prices. As JSON. */
export function drawnSmall(uniform: Uniform): string {
  const whole = (low: number, high: number): number => low + Math.floor((high - low + 1) * uniform());
  const pick = <T>(...of: readonly [T, ...T[]]): T => of[Math.floor(uniform() * of.length)] as T;
  const horizon = whole(60, 180);
  const clock = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
  const times = (count: number): readonly string[] => [...new Set(Array.from({ length: count }, () => whole(2, horizon - 2)))].sort((a, b) => a - b).map(clock);
  const rate = (): string => `${String(whole(1, 40) * 100)}/s`;
  const traffic = (): Mapping =>
    pick<Mapping>(
      { piecewise: [{ at: '00:00', rate: rate() }, ...times(whole(1, 4)).map((at) => ({ at, rate: rate() }))] },
      { pulse: { at: clock(whole(5, horizon - 5)), rise: `${String(whole(1, 20))}m`, hold: `${String(whole(1, 30))}m`, halve: `${String(whole(1, 20))}m`, peak: `${String(whole(3, 40) * 100)}/s`, base: '200/s' } },
      { constant: rate() },
    );
  const names = ['pay', 'talk', 'game'].slice(0, whole(2, 3));
  const members = names.slice(0, whole(2, names.length));
  const noise = pick<Mapping>({}, {}, { noise: { sigma: `${String(whole(1, 20))}%`, interval: '1m' } });
  return JSON.stringify({
    name: 'drawn',
    start: '2019-11-11T00:00:00+08:00',
    horizon: `${String(horizon)}m`,
    seed: whole(0, 1e6),
    replications: 1,
    cluster: { nodes: 100, node: { cpu: 32, memory: '128Gi' }, zones: pick<Mapping>({ east: {} }, { east: {}, west: {} }) },
    platform: { scheduler: { rate: pick('1/s', '20/s') } },
    defaults: { pod: { cpu: 4, memory: '8G' }, keepAlive: { cpu: pick<unknown>('250m', 1), memory: '2G', swap: '2G', release: '4G' } },
    apps: Object.fromEntries(
      names.map((name) => [name, { traffic: traffic(), service: { time: pick('5ms', '20ms'), timeout: pick('200ms', '1s') }, startup: `${String(whole(5, 240))}s`, allowNoExclusive: uniform() < 0.5, ...noise }]),
    ),
    groups: uniform() < 0.8 ? { shared: { apps: members } } : {},
    strategies: { 'static-peak': {} },
    prices: {
      basis: pick('owned', 'held'),
      unservedPer1000: pick(0.01, 0.1, 1, 10),
      slotSwitch: pick(0, 0.01, 0.1),
      podCreated: pick(0, 0.05, 1),
    },
    results: { detail: 'none' },
  });
} // prettier-ignore
