import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupName, time, zoneName } from '../../src/base/units.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import { type Quantity, quantities } from '../../src/cluster/ledger.ts';
import { limitsIn, nextStates, noLimits, type Pod, type PodState } from '../../src/cluster/pod.ts';
import type { Slot } from '../../src/cluster/slot.ts';
import { app, gigabyte } from '../operations/support.ts';

const now = time(0);
/** pay, 4C8G, and bank, 6C12G, kept alive with 1C2G and 2C4G; slots of 8 cores and 16 GB: 6 + 1 = 7 cores would do. */
const pay = app('pay');
const bank = app('bank', {
  pod: { cpu: 6000, memory: 12 * gigabyte },
  keepAlive: { cpu: 2000, memory: 4 * gigabyte, traffic: 0.01, swap: 4 * gigabyte, release: 4 * gigabyte },
});

function cluster(
  change: { readonly cpu?: number; readonly memory?: number; readonly pods?: number; readonly nodes?: number } = {},
): Cluster {
  const node = {
    cpu: change.cpu ?? 20_000,
    memory: (change.memory ?? 40) * gigabyte,
    systemReserved: { cpu: 0, memory: 0 },
    pods: change.pods ?? 10,
    swapOut: gigabyte,
    swapIn: gigabyte,
    labels: {},
    taints: [],
  };
  const zones = ['a', 'b'].map((name) => ({ name: zoneName(name), idc: 'idc', city: 'city', weight: 1 }));
  return new Cluster(
    { pools: [{ name: 'main', nodes: change.nodes ?? 4, node }], zones },
    [pay, bank],
    [{ name: groupName('g'), apps: [pay.name, bank.name], slot: { cpu: 8000, memory: 16 * gigabyte } }],
  );
}

/** A pod of the app outside slots on the node. */
function placed(of: Cluster, index: number, node: number): Pod {
  const pod = of.createPod(now, index, { kind: 'exclusive', index: of.pods.length }, 0, undefined);
  of.placePod(now, pod, node);
  return pod;
}
function slotOn(of: Cluster, node: number, holder = 0): Slot {
  const slot = of.createSlot(now, 0, of.slots.length, holder, 0, undefined);
  of.placeSlot(now, slot, node);
  return slot;
}
/** Leads the pod through the states. */
function lead(of: Cluster, pod: Pod, ...states: readonly PodState[]): void {
  for (const state of states) of.setState(now, pod, state);
}
/** Leads the slot's tenants to the state in which the holder runs and the others are kept alive. */
function start(of: Cluster, slot: Slot): Slot {
  for (const pod of slot.tenants)
    lead(of, pod, 'starting', ...(pod.app === slot.holder ? (['warming', 'running'] as const) : (['keep-alive'] as const)));
  return slot;
}
const book = (of: Cluster, quantity: Quantity) => of.ledger.apps.map((account) => account[quantity].value);

describe('nodes', () => {
  it('go to the zones in turn and are named for them', () => {
    expect(cluster({ nodes: 5 }).nodes.map(({ name, zone }) => [name, zone])).toEqual([
      ['a-0', 0],
      ['b-0', 1],
      ['a-1', 0],
      ['b-1', 1],
      ['a-2', 0],
    ]);
  });

  it('may give what the system does not reserve', () => {
    const { spec, apps } = cluster();
    const pools = spec.pools.map((pool) => ({ ...pool, node: { ...pool.node, systemReserved: { cpu: 2000, memory: gigabyte } } }));
    const small = new Cluster({ ...spec, pools }, apps, []);
    expect(small.node(0)).toMatchObject({ millicores: 18_000, bytes: 39 * gigabyte });
  });

  it.each([
    {
      what: 'CPU',
      change: { cpu: 7000 },
      message: 'node a-0 has reserved 8000 of 7000 millicores, 16000000000 of 40000000000 bytes, 2 of 10 pods',
    },
    {
      what: 'memory',
      change: { memory: 15 },
      message: 'node a-0 has reserved 8000 of 20000 millicores, 16000000000 of 15000000000 bytes, 2 of 10 pods',
    },
    {
      what: 'the pod limit',
      change: { pods: 1 },
      message: 'node a-0 has reserved 8000 of 20000 millicores, 16000000000 of 40000000000 bytes, 2 of 1 pods',
    },
  ])('refuse reservations beyond $what', ({ change, message }) => {
    const of = cluster(change);
    placed(of, 0, 0);
    expect(() => placed(of, 0, 0)).toThrow(message);
  });

  it('are full at equality, not before', () => {
    const of = cluster({ cpu: 8000, memory: 16, pods: 2 });
    placed(of, 0, 0);
    expect(() => placed(of, 0, 0)).not.toThrow();
    expect(of.node(0)).toMatchObject({ reservedMillicores: 8000, reservedBytes: 16 * gigabyte, pods: 2 });
  });

  it('give nothing back twice', () => {
    const of = cluster();
    const pod = placed(of, 0, 0);
    of.releasePod(now, pod);
    expect(() => of.releasePod(now, pod)).toThrow('node a-0 has reserved -4000 of 20000 millicores');
  });

  it('count as occupied while they hold a pod', () => {
    const of = cluster();
    const [first, second] = [placed(of, 0, 0), placed(of, 0, 0)];
    slotOn(of, 1);
    expect(of.occupied.value).toBe(2);
    of.releasePod(now, first);
    expect(of.occupied.value).toBe(2);
    of.releasePod(now, second);
    expect(of.occupied.value).toBe(1);
  });

  it('refuse limits in force beyond what is reserved', () => {
    const of = cluster();
    const slot = start(of, slotOn(of, 0)); // pay runs on 4, bank is kept alive on 2: 6 of the slot's 8 cores
    const taker = of.tenant(slot, 1);
    // bank on 6 beside pay on 4: 10 of 8.
    expect(() => of.setState(now, taker, 'swapping-in')).toThrow('limits in force on node a-0 are 10000 of 8000 reserved millicores');
  });

  it('refuse resident memory beyond what they have', () => {
    const of = cluster({ memory: 16 });
    const slot = start(of, slotOn(of, 0)); // pay 8 GB, bank 12 − 4 − 4 = 4 GB resident
    of.node(0).reservedMillicores += 2000; // room for the CPU alone
    expect(() => of.setState(now, of.tenant(slot, 1), 'swapping-in')).toThrow(
      '20000000000 bytes are resident on node a-0, of 16000000000 reserved bytes',
    );
  });
});

describe('pods', () => {
  it('use nothing until they are bound, then what their state allows, and nothing when they are gone', () => {
    const of = cluster();
    const pod = of.createPod(now, 1, { kind: 'exclusive', index: 0 }, 0, undefined);
    expect([pod.limits, of.node(0).limitedMillicores]).toEqual([noLimits, 0]);
    of.placePod(now, pod, 0);
    expect([of.node(0).reservedMillicores, of.node(0).limitedMillicores]).toEqual([6000, 0]);
    lead(of, pod, 'starting');
    expect([of.node(0).limitedMillicores, of.node(0).residentBytes]).toEqual([6000, 12 * gigabyte]);
    lead(of, pod, 'warming', 'running', 'draining', 'terminating', 'gone');
    expect([of.node(0).limitedMillicores, of.node(0).residentBytes]).toEqual([0, 0]);
    expect(book(of, 'reserved')).toEqual([0, 6000]); // until it is released
  });

  it('are counted where they are expected until they are bound, then where they are', () => {
    const of = cluster();
    const pod = of.createPod(now, 0, { kind: 'exclusive', index: 0 }, 0, undefined);
    expect([0, 1].map((zone) => of.count(0, 'exclusive', 'pending', zone))).toEqual([1, 0]);
    of.placePod(now, pod, 1);
    expect([0, 1].map((zone) => of.count(0, 'exclusive', 'pending', zone))).toEqual([0, 1]);
    lead(of, pod, 'starting');
    expect([
      of.count(0, 'exclusive', 'pending'),
      of.count(0, 'exclusive', 'starting'),
      of.count(0, 'slot', 'starting'),
      of.count(1, 'exclusive', 'starting'),
    ]).toEqual([0, 1, 0, 0]);
  });

  it('are counted by duty and zone, for every app apart, and each change of a count is told', () => {
    const of = cluster();
    const [pay0, pay1, bank0] = [placed(of, 0, 0), placed(of, 0, 1), placed(of, 1, 1)]; // zones a, b and b
    lead(of, pay0, 'starting');
    lead(of, pay1, 'starting', 'warming', 'running');
    lead(of, bank0, 'starting');
    slotOn(of, 1);
    const before = [of.podChanges(0), of.podChanges(1)];
    of.setStandby(pay0, true);
    expect([of.podChanges(0) > (before[0] as number), of.podChanges(1)]).toEqual([true, before[1]]);
    expect([of.count(0, 'exclusive', 'starting'), of.count(0, 'standby', 'starting', 0), of.count(0, 'standby', 'starting', 1)]).toEqual([
      0, 1, 0,
    ]);
    expect([of.count(0, 'exclusive', 'running', 1), of.count(0, 'exclusive', 'running', 0), of.running(0)]).toEqual([1, 0, 1]);
    expect([of.count(1, 'exclusive', 'starting', 1), of.count(0, 'slot', 'pending', 1), of.count(1, 'slot', 'pending')]).toEqual([1, 1, 1]);
  });

  it('raise their epoch with every change of state, and say since when', () => {
    const of = cluster();
    const pod = placed(of, 0, 0);
    of.setState(time(5), pod, 'starting');
    of.setState(time(9), pod, 'warming');
    expect(pod).toMatchObject({ epoch: 2, since: 9 });
  });

  it('refuse an illegal change and stay as they are', () => {
    const of = cluster();
    const pod = placed(of, 0, 0);
    expect(() => of.setState(now, pod, 'running')).toThrow('pod 0 of pay cannot go from pending to running');
    expect(pod).toMatchObject({ state: 'pending', epoch: 0 });
    expect(of.count(0, 'exclusive', 'pending')).toBe(1);
  });

  it('of one role are told apart by their incarnation', () => {
    const of = cluster();
    const make = (index: number, role: number) => of.createPod(now, index, { kind: 'exclusive', index: role }, 0, undefined).incarnation;
    expect([make(0, 0), make(0, 1), make(0, 0), make(1, 0), make(0, 0)]).toEqual([0, 0, 1, 0, 2]);
    expect(of.createPod(now, 0, { kind: 'slot', index: 0 }, 0, undefined).incarnation).toBe(0);
  });
});

describe('slots', () => {
  it('are reserved as one unit, whose shares in the books of the members add up to the slot', () => {
    const of = cluster();
    slotOn(of, 1);
    expect(of.node(1)).toMatchObject({ reservedMillicores: 8000, reservedBytes: 16 * gigabyte, pods: 2, slots: 1 });
    // bank its keep-alive 2C4G; pay, the holder, the rest of 8C16G: 6C12G.
    expect(book(of, 'reserved')).toEqual([6000, 2000]);
    expect(book(of, 'memoryReserved')).toEqual([12 * gigabyte, 4 * gigabyte]);
    expect(of.ledger.domains.map(([main]) => main?.reserved.value)).toEqual([0, 8000]);
  });

  it('hand their books over with the holder: the sum stays', () => {
    const of = cluster();
    const slot = slotOn(of, 1);
    of.setHolder(now, slot, 1);
    // pay its keep-alive 1C2G; bank 8 − 1 = 7 cores and 14 GB.
    expect(book(of, 'reserved')).toEqual([1000, 7000]);
    expect(book(of, 'memoryReserved')).toEqual([2 * gigabyte, 14 * gigabyte]);
    expect([of.ledger.all.reserved.value, of.node(1).reservedMillicores]).toEqual([8000, 8000]);
    of.setHolder(now, slot, 0);
    expect(book(of, 'reserved')).toEqual([6000, 2000]);
  });

  it('free everything when they are released, whoever holds them', () => {
    const of = cluster();
    const slot = slotOn(of, 1);
    of.setHolder(now, slot, 1);
    of.releaseSlot(now, slot);
    expect(of.node(1)).toMatchObject({ reservedMillicores: 0, reservedBytes: 0, pods: 0, slots: 0 });
    for (const quantity of quantities) expect(book(of, quantity)).toEqual([0, 0]);
  });

  it('start the holder on full limits and the others on keep-alive limits', () => {
    const of = cluster();
    const slot = slotOn(of, 0, 1);
    for (const pod of slot.tenants) lead(of, pod, 'starting');
    expect(slot.tenants.map((pod) => pod.limits.millicores)).toEqual([1000, 6000]);
    expect(book(of, 'limited')).toEqual([1000, 6000]);
    expect(book(of, 'keepAlive')).toEqual([0, 0]); // not kept alive yet
    lead(of, of.tenant(slot, 0), 'keep-alive');
    expect(book(of, 'keepAlive')).toEqual([1000, 0]);
  });

  it('reserve extra room for make-before-break where the node has it', () => {
    const of = cluster({ cpu: 12_000, memory: 24 });
    const slot = start(of, slotOn(of, 0));
    // bank's full limits beside its keep-alive: 6 − 2 = 4 cores, 12 − 4 = 8 GB: exactly what is left of 12C24G.
    expect(of.reserveExtra(now, slot, 1)).toBe(true);
    expect(slot.extra).toEqual({ app: 1, millicores: 4000, bytes: 8 * gigabyte });
    expect(book(of, 'reserved')).toEqual([6000, 6000]);
    lead(of, of.tenant(slot, 1), 'swapping-in', 'running'); // both run: 4 + 6 ≤ 12
    expect(of.node(0).limitedMillicores).toBe(10_000);
    lead(of, of.tenant(slot, 0), 'draining-to-standby', 'cutoff', 'swapping-out', 'keep-alive');
    of.setHolder(now, slot, 1);
    of.releaseExtra(now, slot);
    expect([slot.extra, of.node(0).reservedMillicores]).toEqual([undefined, 8000]);
    expect(book(of, 'reserved')).toEqual([1000, 7000]);
    of.releaseExtra(now, slot); // there is none any more
    expect(of.node(0).reservedMillicores).toBe(8000);
  });

  it.each([{ cpu: 11_999 }, { memory: 23.999 }])('reserve none where one of both is short: %o', (change) => {
    const of = cluster({ cpu: 12_000, memory: 24, ...change });
    const slot = slotOn(of, 0);
    expect(of.reserveExtra(now, slot, 1)).toBe(false);
    expect([slot.extra, of.node(0).reservedMillicores]).toEqual([undefined, 8000]);
  });

  it('never have two running tenants, unless both have room', () => {
    const of = cluster();
    const slot = start(of, slotOn(of, 0));
    of.node(0).reservedMillicores += 4000;
    of.node(0).reservedBytes += 8 * gigabyte;
    lead(of, of.tenant(slot, 1), 'swapping-in');
    expect(() => of.setState(now, of.tenant(slot, 1), 'running')).toThrow('slot 0 has 2 running tenants');
  });

  it('are counted while they are stuck', () => {
    const of = cluster();
    const slot = start(of, slotOn(of, 0));
    of.setSlotState(time(0), slot, 'steady');
    of.setSlotState(time(10), slot, 'stuck');
    of.setSlotState(time(15), slot, 'stuck');
    of.setSlotState(time(30), slot, 'switching');
    for (const meter of [of.stuck[0], of.stuckAll])
      expect([meter?.value, meter?.integral(time(100)), meter?.max(time(100))]).toEqual([0, 20, 1]);
  });

  it('are steady only with exactly one running tenant', () => {
    const of = cluster();
    const slot = slotOn(of, 0);
    expect(() => {
      of.setSlotState(now, slot, 'steady');
    }).toThrow('slot 0 is to be steady, but not exactly one tenant runs');
  });
});

/** All sums of the books, counted anew from every pod and slot. */
function recount(of: Cluster): { readonly appZones: number[][][]; readonly nodes: object[] } {
  const appZones = of.apps.map(() => of.spec.zones.map(() => quantities.map(() => 0)));
  const nodes = of.nodes.map(() => ({
    reservedMillicores: 0,
    reservedBytes: 0,
    pods: 0,
    slots: 0,
    limitedMillicores: 0,
    residentBytes: 0,
  }));
  const add = (index: number, node: number, quantity: Quantity, amount: number) => {
    const row = appZones[index]?.[of.node(node).zone];
    const column = quantities.indexOf(quantity);
    if (row) row[column] = (row[column] ?? 0) + amount;
  };
  const reserve = (index: number, node: number, cpu: number, memory: number, pods: number) => {
    add(index, node, 'reserved', cpu);
    add(index, node, 'memoryReserved', memory);
    const total = nodes[node];
    if (total)
      [total.reservedMillicores, total.reservedBytes, total.pods] = [
        total.reservedMillicores + cpu,
        total.reservedBytes + memory,
        total.pods + pods,
      ];
  };
  for (const pod of of.pods) {
    if (pod.node === undefined || pod.state === 'gone') continue;
    const spec = of.app(pod.app);
    const limits =
      pod.state === 'pending' ? noLimits : limitsIn(pod.state, spec, pod.slot !== undefined && of.slot(pod.slot).holder !== pod.app);
    const total = nodes[pod.node];
    if (total)
      [total.limitedMillicores, total.residentBytes] = [total.limitedMillicores + limits.millicores, total.residentBytes + limits.resident];
    add(pod.app, pod.node, 'limited', limits.millicores);
    add(pod.app, pod.node, 'memoryResident', limits.resident);
    if (pod.state === 'keep-alive') add(pod.app, pod.node, 'keepAlive', spec.keepAlive.cpu);
    if (pod.slot === undefined) reserve(pod.app, pod.node, spec.pod.cpu, spec.pod.memory, 1);
  }
  for (const slot of of.slots) {
    if (slot.node === undefined || slot.state === 'gone') continue;
    const { spec, members } = of.group(slot.group);
    const others = members.filter((member) => member !== slot.holder).map((member) => of.app(member).keepAlive);
    for (const member of members) {
      const { cpu, memory } = of.app(member).keepAlive;
      if (member === slot.holder)
        reserve(
          member,
          slot.node,
          spec.slot.cpu - others.reduce((sum, kept) => sum + kept.cpu, 0),
          spec.slot.memory - others.reduce((sum, kept) => sum + kept.memory, 0),
          1,
        );
      else reserve(member, slot.node, cpu, memory, 1);
    }
    if (slot.extra) reserve(1 - slot.holder, slot.node, slot.extra.millicores, slot.extra.bytes, 0);
    const total = nodes[slot.node];
    if (total) total.slots++;
  }
  return { appZones, nodes };
}

it('after random legal changes the books equal a recount of all pods and slots', () => {
  const step = fc.record({
    what: fc.constantFrom('pod', 'slot', 'move', 'move', 'move', 'move', 'move', 'aside', 'hand-over', 'extra', 'no-extra'),
    pick: fc.nat(1000),
    way: fc.nat(10),
  });
  const reached = new Set<PodState>();
  let extras = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 30, maxLength: 120 }), (script) => {
      const of = cluster({ cpu: 100_000, memory: 200, pods: 200, nodes: 3 });
      script.forEach(({ what, pick, way }, index) => {
        const at = time(index);
        const pod = of.pods[pick % Math.max(1, of.pods.length)];
        const slot = of.slots.filter((candidate) => candidate.state !== 'gone')[pick % Math.max(1, of.slots.length)];
        // What the cluster may carry is checked in other tests: here a change for which there is no room is left out.
        if (what === 'pod' && of.pods.length < 20) {
          const made = of.createPod(at, pick % 2, { kind: 'exclusive', index }, 0, undefined);
          if (way < 9) of.placePod(at, made, way % 3);
        } else if (what === 'slot' && of.slots.length < 6) {
          of.placeSlot(at, of.createSlot(at, 0, index, pick % 2, 0, undefined), way % 3);
        } else if (what === 'aside' && pod && pod.slot === undefined) {
          of.setStandby(pod, way % 2 === 0);
        } else if (what === 'hand-over' && slot && slot.extra === undefined) {
          // Whose limits depend on the holder must not be under way.
          if (!slot.tenants.some(({ state }) => state === 'starting' || state === 'terminating')) of.setHolder(at, slot, way % 2);
        } else if (what === 'extra' && slot && slot.extra === undefined) {
          if (of.reserveExtra(at, slot, 1 - slot.holder)) extras++;
        } else if (what === 'no-extra' && slot?.extra) {
          const taker = of.tenant(slot, 1 - slot.holder);
          const kept = limitsIn('keep-alive', of.app(taker.app), true);
          if (taker.limits.millicores <= kept.millicores && taker.limits.resident <= kept.resident) of.releaseExtra(at, slot);
        } else if (what === 'move' && pod && pod.node !== undefined) {
          const next: readonly PodState[] = nextStates[pod.state];
          const to = next[way % Math.max(1, next.length)];
          const home = of.slotOf(pod);
          if (to === undefined || (to === 'gone' && home)) return; // slots are released as a whole, below
          const after = limitsIn(to, of.app(pod.app), home !== undefined && home.holder !== pod.app);
          const other = home?.tenants.find((tenant) => tenant !== pod);
          const room = home === undefined ? Infinity : 8000 + (home.extra?.millicores ?? 0) - (other?.limits.millicores ?? 0);
          const space = home === undefined ? Infinity : 16 * gigabyte + (home.extra?.bytes ?? 0) - (other?.limits.resident ?? 0);
          if (after.millicores > room || after.resident > space || (to === 'running' && other?.state === 'running' && !home?.extra)) return;
          of.setState(at, pod, to);
          if (to === 'gone') of.releasePod(at, pod);
          reached.add(to);
          if (home && !home.extra && home.tenants.every(({ state }) => state === 'terminating')) {
            for (const tenant of home.tenants) of.setState(at, tenant, 'gone');
            of.releaseSlot(at, home);
            of.setSlotState(at, home, 'gone');
            reached.add('gone');
          }
        }
        const { appZones, nodes } = recount(of);
        of.ledger.appZones.forEach((zones, app) => {
          zones.forEach((account, zone) => expect(quantities.map((quantity) => account[quantity].value)).toEqual(appZones[app]?.[zone]));
        });
        of.nodes.forEach((node, i) => {
          expect(node).toMatchObject(nodes[i] ?? {});
          expect(of.podsOn([i])).toEqual(of.pods.filter((each) => each.node === i && each.state !== 'gone'));
        });
        expect(of.podsOn([2, 0, 1])).toEqual(of.pods.filter(({ node, state }) => node !== undefined && state !== 'gone'));
      });
      // Every total is the sum of its parts, and so is every count.
      for (const quantity of quantities) {
        const sum = (accounts: readonly { readonly [key in Quantity]: { readonly value: number } }[]) =>
          accounts.reduce((total, account) => total + account[quantity].value, 0);
        expect([sum(of.ledger.apps), sum(of.ledger.domains.flat())]).toEqual([
          of.ledger.all[quantity].value,
          of.ledger.all[quantity].value,
        ]);
        of.ledger.apps.forEach((account, app) => expect(account[quantity].value).toBe(sum(of.ledger.appZones[app] ?? [])));
      }
      for (const duty of ['exclusive', 'standby', 'slot'] as const)
        for (const state of Object.keys(nextStates) as PodState[])
          for (const app of [0, 1])
            expect(of.count(app, duty, state)).toBe(
              of.pods.filter((pod) => pod.app === app && (pod.standby ? 'standby' : pod.role.kind) === duty && pod.state === state).length,
            );
    }),
    { seed: 11, numRuns: 100 },
  );
  expect(reached.size).toBe(13); // all but pending, where they begin
  expect(extras).toBeGreaterThan(10);
});
