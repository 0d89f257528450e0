import { duration } from '../base/units.ts';
import { coldPages, keptAlive, running, slowed, switching, warming } from '../operations/traffic-modes.ts';
import { balancers } from '../serving/requests/balancer.ts';
import type { ServingMode } from '../serving/mode.ts';
import { at, type Situation } from './twin-bench.ts';

/** Full pods of every situation, and what one of them can serve, requests/s. */
const pods = 40;
const each = 250;

type Step = Situation['steps'][number];

/** `count` pods turn from one mode to another, or come, where they had none. */
const turn = (t: number, from: ServingMode | undefined, to: ServingMode, count: number): Step => [
  t,
  (service, now) => {
    for (let i = 0; i < count; i++) service.change(now, 0, from, to);
  },
];
const come = (mode: ServingMode, count: number, t = 0): Step => turn(t, undefined, mode, count);
/** From `t` on so much of what all full pods can serve is asked for, and `perSecond` more every second. */
const load = (t: number, rho: number, perSecond = 0, capacity = pods * each): Step => [
  t,
  (service, now) => {
    service.setRate(now, rho * capacity, perSecond * capacity);
  },
];

/** A constant load from an empty start; the nearer to saturation, the longer until it is forgotten. */
const steady = (rho: number, more: Partial<Situation> = {}): Situation => ({
  name: `steady at ρ = ${String(rho)}`,
  from: rho < 0.9 ? 10 : 60,
  to: rho < 0.9 ? 30 : 100,
  steps: [come(running, pods), load(0, rho)],
  ...more,
});

/** Pods of one core and requests of 100 ms: a time-out of ten service times only, which queues reach by chance. */
const impatient = (rho: number): Situation => ({
  name: `steady at ρ = ${String(rho)}, 1 core, 100 ms of CPU a request`,
  options: { serviceTime: duration(100_000), runningMillicores: 1000 },
  from: 60,
  to: 660,
  steps: [come(running, pods), load(0, rho, 0, pods * 10)],
});

/** From ρ = 0.1 to `peak` in 30 s, which is held for 30 s: midnight of Double 11. */
const midnight = (peak: number): Situation => ({
  name: `00:00, from ρ = 0.1 to ${String(peak)} in 30 s`,
  from: 10,
  to: 70,
  steps: [come(running, pods), load(0, 0.1), load(10, 0.1, (peak - 0.1) / 30), load(40, peak)],
});

const app = { keepAlive: { traffic: 0.01 }, coldPages: { capacity: 0.6, for: duration(20_000_000) } } as Parameters<typeof coldPages>[0];
const kept = keptAlive(app);

export const situations: readonly Situation[] = [
  ...[0.5, 0.7, 0.8, 0.9].map((rho) => steady(rho, { exact: true })),
  ...[0.95, 0.99, 1.1].map((rho) => steady(rho)),
  ...[0.7, 0.8, 0.9].map(impatient),
  steady(0.8, { name: 'steady at ρ = 0.8, cv 0', options: { cv: 0 } }),
  steady(0.8, { name: 'steady at ρ = 0.8, cv 0.5', options: { cv: 0.5 } }),
  steady(0.8, { name: 'steady at ρ = 0.8, cv 1.5', options: { cv: 1.5 } }),
  steady(0.8, { name: 'steady at ρ = 0.8, cv 2', options: { cv: 2 } }),
  steady(0.8, { name: 'steady at ρ = 0.8, processor sharing', discipline: 'processor-sharing' }),
  ...balancers.slice(1).map((balancer) => steady(0.8, { name: `steady at ρ = 0.8, ${balancer}`, balancer })),
  midnight(0.9),
  midnight(1.2),
  {
    name: 'a switch: 20 of 40 pods wake on cold pages at ρ = 0.7 of all',
    from: 10,
    to: 60,
    steps: [
      come(running, pods / 2),
      come(kept, pods / 2),
      load(0, 0.4),
      turn(15, kept, switching(0.01), pods / 2),
      turn(20, switching(0.01), coldPages(app, at(20)), pods / 2),
      load(20, 0.7),
      turn(40, coldPages(app, at(20)), running, pods / 2),
    ],
  },
  {
    name: 'a cold start: 10 of 40 pods warm up from 10 % at ρ = 0.8 of all',
    from: 10,
    to: 60,
    steps: [come(running, pods - 10), load(0, 0.8), come(warming(0.1), 10, 20), turn(32, warming(0.1), running, 10)],
  },
  {
    name: 'keep-alive: 40 of 80 pods serve 1 % and forward the rest at ρ = 0.7',
    from: 10,
    to: 30,
    steps: [come(running, pods), come(kept, pods), load(0, 0.7)],
  },
  ...(['random', 'least-outstanding'] as const).map((balancer): Situation => ({
    name: `slow nodes: 4 of 40 pods at 60 %, ρ = 0.7, ${balancer}`,
    balancer,
    from: 10,
    to: 40,
    steps: [come(running, pods - 4), come(slowed(running, 600), 4), load(0, 0.7)],
  })),
];
