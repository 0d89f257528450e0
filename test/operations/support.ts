import { z } from 'zod';
import { appName, type Duration, fromSeconds, groupName, inSeconds, type Time, time, zoneName } from '../../src/base/units.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import type { GroupSpec, PodSpecs } from '../../src/cluster/specs.ts';
import { Engine } from '../../src/engine/engine.ts';
import { Controller } from '../../src/operations/controller.ts';
import type { Fault } from '../../src/operations/fault-spec.ts';
import type { Operation } from '../../src/operations/operation.ts';
import type { Order, Rollout } from '../../src/operations/orders.ts';
import { type Platform, platformSpec } from '../../src/operations/platform.ts';
import type { Fact, OperationEvent, Reading, World } from '../../src/operations/world.ts';
import { constantLaw } from '../../src/random/duration-law.ts';
import { eventRank } from '../../src/simulation/events.ts';
import { Streams } from '../../src/random/streams.ts';

export const seconds = fromSeconds;
/** 10⁹ bytes, so that swaps take round times. */
export const gigabyte = 1e9;

/** An app of easy numbers: 4 cores ÷ 10 ms = 400 requests/s a pod; start-up 60 s, warm-up 10 s, drain 3 s, deletion 7 s, 2 GB to swap. */
export function app(name: string, change: Partial<PodSpecs> = {}): PodSpecs {
  return {
    name: appName(name),
    domain: 'test',
    service: {
      time: seconds(0.01),
      timeout: seconds(1),
      cv: 1,
      wait: seconds(0),
      distribution: 'auto',
      discipline: 'fifo',
      balancer: 'random',
    },
    pod: { cpu: 4000, memory: 8 * gigabyte },
    keepAlive: { cpu: 1000, memory: 2 * gigabyte, traffic: 0.01, swap: 2 * gigabyte, release: 4 * gigabyte },
    image: { size: 0, preheated: 0 },
    startup: constantLaw(seconds(60)),
    startupCpu: 0,
    warmup: { weight: 0.1, for: seconds(10), shape: 'step' },
    coldPages: { capacity: 0.5, for: seconds(10) },
    drain: seconds(3),
    terminate: seconds(7),
    idleCpu: 0,
    sidecar: { cpu: seconds(0), relay: seconds(0), hop: seconds(0) },
    objective: { p99: seconds(0.5), success: 0.99 },
    allowNoExclusive: true,
    priority: 0,
    tolerations: [],
    nodeAffinity: { required: [], preferred: [] },
    ...change,
  };
}

/** Push 2 s, limit write 0.5 s, status 1.5 s, nothing random, nothing fails unless scripted. */
export function platform(change: Record<string, unknown> = {}): Platform {
  return platformSpec(z.custom<Time>()).parse({
    scheduler: { rate: '1/s' },
    metrics: { window: '10s', delay: '0s' },
    push: '2s',
    limitWrite: '0.5s',
    status: '1.5s',
    steps: { failure: '50%', tries: 2, backoff: '1s' },
    ...change,
  });
}

/** Streams whose first number of a switch's try is 0 (the try fails) where `fails` says so, and otherwise 0.999999. */
export class ScriptedStreams extends Streams {
  readonly #fails: (name: string) => boolean;
  constructor(fails: (name: string) => boolean, seed = 1) {
    super(seed);
    this.#fails = fails;
  }
  override once(name: string): number {
    return this.#fails(name) ? 0 : super.once(name);
  }
  override stream(name: string): () => number {
    return () => (this.#fails(name) ? 0 : 0.999999);
  }
}

export const rollout = (change: Partial<Rollout> = {}): Rollout => ({
  batches: [1],
  by: 'spread',
  pause: seconds(0),
  observe: seconds(0),
  order: 'break-before-make',
  gate: undefined,
  ...change,
});

/** A small world with a clock: nodes of 24 cores and 64 GB in two zones, apps gala and sale that share slots of 5 cores. */
export class TestWorld {
  readonly engine: Engine<OperationEvent>;
  readonly cluster: Cluster;
  readonly controller: Controller;
  readonly facts: { readonly at: number; readonly fact: Fact }[] = [];
  readonly readings = new Map<number, Reading>();

  constructor(
    options: {
      readonly nodes?: number;
      readonly cpu?: number;
      readonly fails?: (name: string) => boolean;
      readonly platform?: Platform;
      readonly apps?: readonly PodSpecs[];
      readonly slotCpu?: number;
      readonly seed?: number;
      readonly faults?: readonly Fault[];
    } = {},
  ) {
    this.engine = new Engine<OperationEvent>({ rank: eventRank, subject: () => 0, eventsAtOnceMax: 10_000 });
    const apps = options.apps ?? [app('gala'), app('sale')];
    const group: GroupSpec = {
      name: groupName('night'),
      apps: apps.map((spec) => spec.name),
      slot: { cpu: options.slotCpu ?? 5000, memory: 10 * gigabyte },
    };
    const node = {
      cpu: options.cpu ?? 24_000,
      memory: 64 * gigabyte,
      systemReserved: { cpu: 0, memory: 0 },
      pods: 110,
      swapOut: gigabyte,
      swapIn: 2 * gigabyte,
      labels: {},
      taints: [],
    };
    const zone = (name: string) => ({ name: zoneName(name), idc: 'idc', city: 'city', weight: 1 });
    this.cluster = new Cluster({ pools: [{ name: 'main', nodes: options.nodes ?? 2, node }], zones: [zone('east'), zone('west')] }, apps, [
      group,
    ]);
    const world: World = {
      cluster: this.cluster,
      platform: options.platform ?? platform(),
      streams: new ScriptedStreams(options.fails ?? (() => false), options.seed),
      faults: options.faults ?? [],
      end: time(seconds(1e6)),
      now: () => this.engine.now,
      schedule: (at: Time, event: OperationEvent) => {
        this.engine.schedule(at, event);
      },
      emit: (fact: Fact) => this.facts.push({ at: inSeconds(this.engine.now), fact }),
      reading: (index) => this.readings.get(index),
    };
    this.controller = new Controller(world);
  }

  /** Orders at the present moment; `opening` places at once. */
  order(order: Order, opening = false): Operation {
    return this.controller.execute(order, opening);
  }
  scale(name: string, pods: number, opening = false, standby?: number): Operation {
    return this.order({ kind: 'scale', app: appName(name), pods, ...(standby === undefined ? {} : { standby }) }, opening);
  }
  reserve(slots: number, holder: string, opening = false): Operation {
    return this.order({ kind: 'reserve', group: groupName('night'), slots, holder: appName(holder) }, opening);
  }
  switch(slots: number, change: Partial<Rollout> = {}, from = 'gala', to = 'sale'): Operation {
    return this.order({ kind: 'switch', group: groupName('night'), from: appName(from), to: appName(to), slots, rollout: rollout(change) });
  }

  /** Lets time pass until `at` seconds. */
  until(at: number): void {
    this.engine.run(time(seconds(at)), (event) => {
      this.controller.handle(event);
    });
  }

  /** `[seconds, state entered]` of every change of the pod's state. */
  history(pod: number): readonly (readonly [number, string])[] {
    const changes = this.facts.flatMap(({ at, fact }) =>
      fact.kind === 'pod-state' && fact.pod.id === pod ? [{ at, left: fact.left }] : [],
    );
    return changes.map(({ at }, index) => [at, changes[index + 1]?.left ?? this.cluster.pod(pod).state] as const);
  }

  /** `[slot, step, start, end, outcome]` of every step so far, in seconds. */
  steps(): readonly (readonly [number, string, number, number, string])[] {
    return this.facts.flatMap(({ fact }) =>
      fact.kind === 'step' ? [[fact.slot, fact.step, inSeconds(fact.started), inSeconds(fact.ended), fact.outcome] as const] : [],
    );
  }

  states(slot: number): readonly string[] {
    return this.cluster.slot(slot).tenants.map((pod) => pod.state);
  }
}

export const inS = (value: Time | Duration | undefined): number | undefined => (value === undefined ? undefined : inSeconds(value));
