import { type Claim, exact } from './claim.ts';
import { emptyFrom, FluidBench, fullPod, rampedPod } from './fluid-bench.ts';

/** One value of one history, and what it must be. */
interface Case {
  readonly name: string;
  readonly source: string;
  readonly unit?: string;
  readonly expected: number;
  readonly measured: number;
}

/** Capacity 100/s throughout, unless said. T is the time-out, B = C·T the bound of the backlog, s the seconds from the history's start. */
const bench = (timeout: number): FluidBench => new FluidBench({ timeout }).pod(0, undefined, fullPod);

/** λ = 50 + 10s passes C = 100 at s = 5. */
function rampThroughSaturation(): readonly Case[] {
  const { served, backlogGrowth, exposureSeconds } = bench(10).rate(0, 50, 10).cut(10);
  const [fifth, offered] = [5, 50 * 10 + (10 * 10 * 10) / 2];
  const backlog = (10 * fifth * fifth) / 2;
  return [
    { name: 'ramp through saturation: backlog', source: 'q = λ′(s − s₀)²/2 from λ(s₀) = C on', expected: backlog, measured: backlogGrowth },
    { name: 'ramp through saturation: served', source: '∫λ − q', expected: offered - backlog, measured: served },
    { name: 'ramp through saturation: exposure', source: 's − s₀', unit: 's', expected: 10 - fifth, measured: exposureSeconds },
  ];
}

/** λ steps from 80 to 150 at s = 5, T = 1: 50/s too many fill B = 100 in 2 s; then the limiter refuses 50/s. */
function step(): readonly Case[] {
  const { served, rejected, backlogGrowth, admitted } = bench(1).rate(0, 80).rate(5, 150).cut(10);
  const full = 100 / (150 - 100);
  return [
    { name: 'step into overload: backlog at its bound', source: 'B = C·T', expected: 100, measured: backlogGrowth },
    { name: 'step into overload: rejected', source: '(λ − C)·(s − B/(λ − C))', expected: 50 * (5 - full), measured: rejected },
    { name: 'step into overload: served', source: '∫min(λ, C) where all is busy', expected: 80 * 5 + 100 * 5, measured: served },
    { name: 'step into overload: admitted', source: 'C once the backlog is at B', expected: 80 * 5 + 150 * full + 100 * (5 - full), measured: admitted },
  ]; // prettier-ignore
}

/** λ = 60, but 160 in a pulse of 1 s: q = 60 at its end, gone 60/40 s later. */
function pulse(): readonly Case[] {
  const history = () => bench(1).rate(0, 60).rate(5, 160).rate(6, 60);
  const { deficit } = history().cut(10);
  return [
    { name: 'pulse: backlog at its end', source: '∫(λ − C)', expected: 60, measured: history().backlog(6) },
    { name: 'pulse: backlog empty at', source: 'q/(C − λ) after its end', unit: 's', expected: 6 + 60 / 40, measured: emptyFrom(6, 10, history) },
    { name: 'pulse: deficit', source: '∫max(0, λ − C)', expected: 60, measured: deficit.reduce((sum, part) => sum + part) },
  ]; // prettier-ignore
}

/** From q = 100 on λ = 120 − 20s against C = 100: q = 100 + 20s − 10s² is 0 at s = 1 + √11. */
function fallingRate(): readonly Case[] {
  const history = () => bench(10).rate(0, 200).rate(1, 120, -20);
  const expected = 1 + 1 + Math.sqrt(11);
  return [
    { name: 'falling rate: backlog empty at', source: 'root of q₀ + (λ₀ − C)s + λ′s²/2', unit: 's', expected, measured: emptyFrom(2, 6.9, history) },
  ]; // prettier-ignore
}

/** A backlog at its bound, T = 1, while C falls: 100 − 10s for 5 s. It slides down with B; λ = 95 ≥ C + C′T = 90 − 10s, so that much is admitted. */
function fallingCapacity(): readonly Case[] {
  const history = bench(1).rate(0, 200).rate(2, 95);
  history.cut(2);
  const { served, admitted, rejected, backlogGrowth } = history.pod(2, fullPod, rampedPod(1000, 500, 2, 7)).cut(7);
  const room = 90 * 5 - (10 * 5 * 5) / 2;
  return [
    { name: 'capacity falling under a full backlog: admitted', source: '∫(C + C′T)', expected: room, measured: admitted },
    { name: 'capacity falling under a full backlog: rejected', source: '∫(λ − C − C′T)', expected: 95 * 5 - room, measured: rejected },
    { name: 'capacity falling under a full backlog: served', source: '∫C', expected: 100 * 5 - (10 * 5 * 5) / 2, measured: served },
    { name: 'capacity falling under a full backlog: backlog', source: 'ΔB = C′T·s', expected: -50, measured: backlogGrowth },
  ];
}

/** C = 10 − 10s with T = 2 and q = B = 20: the bound falls faster (20/s) than is served, so C + C′T < 0 and nothing is admitted. */
function collapse(): readonly Case[] {
  const weak = { ...fullPod, factor: 100, cause: 'fault' } as const;
  const history = new FluidBench({ timeout: 2 }).pod(0, undefined, weak).rate(0, 110).rate(2, 7);
  history.cut(2);
  const { served, timedOut, rejected } = history.pod(2, weak, rampedPod(100, 0, 2, 3)).cut(3);
  return [
    { name: 'capacity falling faster than is served: timed out', source: '∫−(C + C′T)', expected: 10 + 5, measured: timedOut },
    { name: 'capacity falling faster than is served: served', source: '∫C', expected: 5, measured: served },
    { name: 'capacity falling faster than is served: rejected', source: '∫λ', expected: 7, measured: rejected },
  ];
}

/** C jumps from 100 to 40 under q = B = 100, T = 1. */
function jump(): readonly Case[] {
  const slow = { ...fullPod, factor: 400, cause: 'fault' } as const;
  const history = bench(1).rate(0, 200).rate(2, 40);
  history.cut(2);
  const { served, timedOut } = history.pod(2, fullPod, slow).cut(5);
  return [
    { name: 'capacity jumping down: timed out', source: 'q − B⁺', expected: 100 - 40, measured: timedOut },
    { name: 'capacity jumping down: served', source: '∫C⁺', expected: 40 * 3, measured: served },
  ];
}

/** C = 10s from nothing on, λ = 30, T = 1: q = B until C + C′T = λ at s = 2; then q = 20 + 10u − 5u², 20 again at s = 4. */
function recovery(): readonly Case[] {
  const { served, rejected, backlogGrowth } = new FluidBench({ timeout: 1 })
    .pod(0, undefined, rampedPod(0, 1000, 0, 10))
    .rate(0, 30)
    .cut(4);
  return [
    { name: 'recovery from no capacity: rejected', source: '∫(λ − C − C′T) while it is positive', expected: 20, measured: rejected },
    { name: 'recovery from no capacity: served', source: '∫C', expected: (10 * 4 * 4) / 2, measured: served },
    { name: 'recovery from no capacity: backlog', source: 'B + ∫(λ − C)', expected: 20, measured: backlogGrowth },
  ];
}

/** No capacity at all: what waits is timed out, what comes is rejected. And a pod that goes takes its share of the backlog with it. */
function losses(): readonly Case[] {
  const dead = { ...fullPod, factor: 0, cause: 'fault' } as const;
  const stopped = bench(1).rate(0, 130).rate(1, 10);
  stopped.cut(1);
  const { timedOut, rejected } = stopped.pod(1, fullPod, dead).cut(5);
  const pair = bench(5).pod(0, undefined, fullPod).rate(0, 240).pod(1, fullPod, undefined).rate(1, 0);
  const { lost, served } = pair.cut(6);
  return [
    { name: 'no capacity: timed out', source: 'q', expected: 30, measured: timedOut },
    { name: 'no capacity: rejected', source: '∫λ', expected: 40, measured: rejected },
    { name: 'one pod of two fails: lost', source: 'its share of q, a half', expected: 20, measured: lost },
    { name: 'one pod of two fails: served', source: 'the rest', expected: 220, measured: served },
  ];
}

/** Cold pages: 60 % of the capacity, 100 % 20 s later, under λ = 90: short until C = 60 + 2s passes 90 at s = 15. A pooled queue of warm pods would not see it. */
function coldPages(): readonly Case[] {
  const { deficit, exposureSeconds, backlogGrowth } = bench(10)
    .pod(0, fullPod, rampedPod(600, 1000, 0, 20))
    .rate(0, 90)
    .cut(20);
  return [
    { name: 'cold pages: deficit', source: '∫max(0, λ − C)', expected: (30 * 15) / 2, measured: deficit.reduce((sum, part) => sum + part) },
    { name: 'cold pages: exposure', source: '(λ − C₀)/C′', unit: 's', expected: 15, measured: exposureSeconds },
    { name: 'cold pages: backlog when they are warm', source: '∫(λ − C)', expected: 225 - (5 * 5 * 2) / 2, measured: backlogGrowth },
  ];
}

const histories = [rampThroughSaturation, step, pulse, fallingRate, fallingCapacity, collapse, jump, recovery, losses, coldPages];

/** The serving law against forms that can be worked out by hand: each history's numbers stand beside it. */
export function* fluidClosedForms(): Generator<Claim> {
  for (const history of histories)
    for (const { name, source, unit = 'requests', expected, measured } of history()) {
      const about = { name, source, unit };
      // Moments are whole µs.
      yield exact(about, unit === 's' ? { expected, measured, absolute: 1e-6 } : { expected, measured, relative: 1e-9 });
    }
}
