import { InvariantError, defined } from '../base/assert.ts';
import { after, duration, time } from '../base/units.ts';
import type { Pod } from '../cluster/pod.ts';
import type { Slot } from '../cluster/slot.ts';
import { type Request, requestOf, type Unit } from '../placement/unit.ts';
import { draw } from '../random/duration-law.ts';
import { Awaited } from './awaited.ts';
import { Binder } from './binder.ts';
import { Departures } from './departures.ts';
import { Images } from './images.ts';
import { freeIndexes } from './roles.ts';
import { Standby } from './standby.ts';
import { Starts } from './starts.ts';
import type { Operation } from './operation.ts';
import { dueAt, pushDelay, roleName, setMode, setState } from './changes.ts';
import { absent, keptAlive, running, warming } from './traffic-modes.ts';
import type { World } from './world.ts';

/** A linear warm-up rises in this many steps: the weights of registries are whole percents. */
const warmupSteps = 20;

/**
 * The life of pods and slots apart from switches and lost nodes:
 * pending → (scheduler, limited rate) → pulling → starting → (push) → warming → running → draining → terminating → gone.
 * Newest pods and slots leave first; before them slots that are stuck or have failed.
 */
export class Fleet {
  readonly #world: World;
  readonly binder: Binder;
  readonly images: Images;
  readonly standby: Standby;
  readonly departures: Departures;
  /** Pods outside slots that are wanted, per app, oldest first. */
  readonly #exclusive: Pod[][];
  /** Slots that are wanted, per group, oldest first. */
  readonly #slots: Slot[][];
  readonly #awaited: Awaited;
  readonly #starts: Starts;
  /** The last operation by app and by group. */
  readonly #scaling = new Map<number, Operation>();
  readonly #reserving = new Map<number, Operation>();

  constructor(world: World) {
    this.#world = world;
    this.binder = new Binder(world, (request, node) => {
      this.#bound(request, node);
    });
    this.images = new Images(world, (pod, reason) => {
      this.#start(pod, reason);
    });
    this.#starts = new Starts(world);
    this.#awaited = new Awaited(world);
    this.standby = new Standby(world, this.#awaited);
    this.departures = new Departures(world, { binder: this.binder, awaited: this.#awaited, starts: this.#starts });
    this.#exclusive = world.cluster.apps.map(() => []);
    this.#slots = world.cluster.groups.map(() => []);
  }

  exclusive(app: number): readonly Pod[] {
    return defined(this.#exclusive[app], 'app');
  }
  /** Slots that are stuck and belong to no switch. */
  get stuck(): readonly Slot[] {
    return this.#slots.flat().filter(({ state, operation }) => state === 'stuck' && operation === undefined);
  }
  slots(group: number): readonly Slot[] {
    return defined(this.#slots[group], 'group');
  }

  /**
   * Brings the app to `pods` outside slots and `standby` that stand by beside them. At the opening they are placed at once, warm or started;
   * what fits no node waits for the scheduler.
   */
  scale(operation: Operation, app: number, pods: number, standby: number, opening: boolean): void {
    const wanted = this.exclusive(app) as Pod[];
    const pool = this.standby.pool(app);
    this.#awaited.begin(operation, this.#scaling.get(app));
    this.#scaling.set(app, operation);
    const tooMany = wanted.splice(pods).reverse();
    for (const pod of this.standby.claim(app, wanted, pods - wanted.length)) {
      this.#awaited.add(operation, pod);
      this.standby.activate(pod);
    }
    const free = freeIndexes(() => [...wanted, ...pool].map(({ role }) => role.index));
    while (wanted.length < pods) wanted.push(this.#create(operation, app, free(), false, opening));
    for (const pod of tooMany) this.#awaited.add(operation, pod);
    const aside = Math.max(0, standby - pool.size);
    for (const pod of tooMany.slice(0, aside)) this.standby.putAside(pod);
    while (pool.size < standby) pool.add(this.#create(operation, app, free(), true, opening));
    const leaving = [...tooMany.slice(aside), ...[...pool].slice(standby).reverse()];
    const withdrawn = new Set(leaving.filter(({ state }) => state === 'pending'));
    if (withdrawn.size > 0) this.binder.withdraw(({ unit }) => unit.kind === 'pod' && withdrawn.has(unit.pod));
    for (const pod of leaving) {
      this.#awaited.add(operation, pod);
      this.standby.forget(pod);
      this.departures.remove(pod);
    }
    this.#awaited.ordered(operation);
  }

  #create(operation: Operation, app: number, index: number, standby: boolean, opening: boolean): Pod {
    const { cluster } = this.#world;
    const pod = cluster.createPod(this.#world.now(), app, { kind: 'exclusive', index }, index % cluster.spec.zones.length, operation.id);
    cluster.setStandby(pod, standby);
    this.#awaited.add(operation, pod);
    this.#add({ kind: 'pod', pod }, [pod], index, opening);
    return pod;
  }

  /** Why the group cannot be brought to `slots` slots; undefined if it can. */
  refusal(group: number, slots: number): string | undefined {
    const wanted = this.slots(group);
    const removable = wanted.filter(canBeGivenBack).length;
    if (wanted.length - slots <= removable) return undefined;
    return `only ${String(removable)} of ${String(wanted.length)} slots can be given back; the others are starting or switching`;
  }

  /** Brings the group to `slots` slots, which it can; new ones are held by `holder`, and stuck ones leave first. */
  reserve(operation: Operation, group: number, slots: number, holder: number, opening: boolean): void {
    const wanted = this.slots(group) as Slot[];
    this.#awaited.begin(operation, this.#reserving.get(group));
    this.#reserving.set(group, operation);
    const zones = this.#world.cluster.spec.zones.length;
    const free = freeIndexes(() => wanted.map((slot) => slot.index)); // a role is one slot's alone
    while (wanted.length < slots) {
      const index = free();
      const slot = this.#world.cluster.createSlot(this.#world.now(), group, index, holder, index % zones, operation.id);
      wanted.push(slot);
      this.#awaited.add(operation, slot);
      this.#add({ kind: 'slot', slot }, slot.tenants, index, opening);
    }
    const newestFirst = [...wanted].reverse().filter(canBeGivenBack);
    const inOrder = [...newestFirst.filter(isBroken), ...newestFirst.filter((slot) => !isBroken(slot))];
    const leaving = new Set(inOrder.slice(0, Math.max(0, wanted.length - slots)));
    this.#slots[group] = wanted.filter((slot) => !leaving.has(slot));
    const withdrawn = new Set([...leaving].filter(({ state }) => state === 'pending'));
    if (withdrawn.size > 0) this.binder.withdraw(({ unit }) => unit.kind === 'slot' && withdrawn.has(unit.slot));
    for (const slot of leaving) {
      this.#awaited.add(operation, slot);
      this.departures.removeSlot(slot);
    }
    this.#awaited.ordered(operation);
  }

  /** The scheduler has found a node for a unit that waited. */
  #bound(request: Request, node: number): void {
    const pods = request.unit.kind === 'pod' ? [request.unit.pod] : request.unit.slot.tenants;
    const { cluster } = this.#world;
    const now = this.#world.now();
    for (const pod of pods) this.#world.emit({ kind: 'bound', pod, waited: duration(now - request.since) });
    const modes = pods.map((pod) => pod.intended);
    for (const pod of pods) if (pod.mode) setMode(this.#world, pod, undefined); // in the zone it was expected in …
    this.#place(request, node);
    pods.forEach((pod, index) => {
      if (modes[index]) setMode(this.#world, pod, modes[index]); // … and in the zone it got
      if (pod.slot !== undefined) cluster.setSlotState(now, cluster.slot(pod.slot), 'starting');
      this.images.need(pod, 'bound');
    });
  }

  /** A failed pod whose node is back starts again where it is. */
  restart(pod: Pod): void {
    const { cluster } = this.#world;
    pod.restarts++;
    setMode(this.#world, pod, this.#isToServe(pod) ? absent('cold-start') : undefined);
    if (pod.slot !== undefined) cluster.setSlotState(this.#world.now(), cluster.slot(pod.slot), 'starting');
    this.images.need(pod, 'node back');
  }

  /** A failed pod is given up and made anew in the same role. */
  replace(pod: Pod): void {
    const wanted = this.exclusive(pod.app) as Pod[];
    this.departures.leaves(pod);
    const anew = this.#world.cluster.createPod(this.#world.now(), pod.app, pod.role, pod.zone, pod.operation);
    if (pod.standby) this.standby.replace(pod, anew);
    else wanted[wanted.indexOf(pod)] = anew;
    this.#awaited.replace(pod, anew);
    this.departures.gone(pod, 'evicted');
    this.#add({ kind: 'pod', pod: anew }, [anew], pod.role.index, false);
  }

  /** A failed slot is given up and made anew with the same number, for the app that is to hold it. */
  replaceSlot(slot: Slot): void {
    const wanted = this.slots(slot.group) as Slot[];
    const anew = this.#world.cluster.createSlot(this.#world.now(), slot.group, slot.index, slot.wanted, slot.zone, slot.operation);
    wanted[wanted.indexOf(slot)] = anew;
    this.#awaited.replace(slot, anew);
    for (const failure of slot.failures) failure.slot = anew;
    anew.failures.push(...slot.failures.splice(0));
    this.#world.cluster.setSlotState(this.#world.now(), slot, 'leaving');
    for (const pod of slot.tenants) this.departures.remove(pod);
    this.#add({ kind: 'slot', slot: anew }, anew.tenants, slot.index, false);
  }

  /** The pod's present state ends. */
  due(pod: Pod): void {
    const { cluster } = this.#world;
    const app = cluster.app(pod.app);
    switch (pod.state) {
      case 'starting': {
        const announced = this.#starts.ended(pod);
        if (announced > 0) {
          dueAt(this.#world, pod, after(this.#world.now(), announced));
          return;
        }
        const slot = cluster.slotOf(pod);
        if (slot && slot.holder !== pod.app) {
          setState(this.#world, pod, 'keep-alive', 'started');
          setMode(this.#world, pod, keptAlive(app));
          this.#slotStarted(slot);
        } else if (!this.standby.started(pod)) {
          setState(this.#world, pod, 'warming', 'started');
          this.#warm(pod);
        }
        return;
      }
      case 'standby':
        setState(this.#world, pod, 'warming', 'activated');
        this.#warm(pod);
        return;
      case 'warming':
        this.#warm(pod);
        return;
      case 'running':
        setMode(this.#world, pod, running); // its pages are warm again
        return;
      case 'draining':
        if (!this.standby.drained(pod)) this.departures.terminate(pod, 'drained');
        return;
      case 'terminating':
        this.departures.gone(pod, 'deleted');
        return;
      default:
        throw new InvariantError(`nothing is due for a pod that is ${pod.state}`);
    }
  }

  #add(unit: Unit, pods: readonly Pod[], index: number, opening: boolean): void {
    const { cluster } = this.#world;
    const now = this.#world.now();
    for (const pod of pods) this.#world.emit({ kind: 'pod-created', pod });
    const request = requestOf(cluster, unit, now);
    const node = opening ? this.binder.open(request, index % cluster.spec.zones.length) : undefined;
    if (node !== undefined) {
      this.#place(request, node);
      for (const pod of pods) this.#openWarm(pod);
      if (unit.kind === 'slot') cluster.setSlotState(now, unit.slot, 'steady');
      this.#awaited.done(unit.kind === 'pod' ? unit.pod : unit.slot);
      return;
    }
    for (const pod of pods) setMode(this.#world, pod, this.#isToServe(pod) ? absent('cold-start') : undefined);
    this.binder.add(request);
  }

  /** Whether the pod is meant to get traffic: outside slots unless it is to stand by, or as its slot's holder. */
  #isToServe(pod: Pod): boolean {
    const slot = this.#world.cluster.slotOf(pod);
    return slot === undefined ? !pod.standby : slot.holder === pod.app;
  }

  #place(request: Request, node: number): void {
    const now = this.#world.now();
    if (request.unit.kind === 'pod') this.#world.cluster.placePod(now, request.unit.pod, node);
    else this.#world.cluster.placeSlot(now, request.unit.slot, node);
  }

  /** A pod of the opening fleet: there, warm, and nothing drawn. */
  #openWarm(pod: Pod): void {
    const { cluster } = this.#world;
    this.images.put(pod);
    setState(this.#world, pod, 'starting', 'opening');
    if (pod.standby) this.standby.started(pod);
    else if (this.#isToServe(pod)) {
      setState(this.#world, pod, 'warming', 'opening');
      setState(this.#world, pod, 'running', 'opening');
      setMode(this.#world, pod, running);
    } else {
      setState(this.#world, pod, 'keep-alive', 'opening');
      setMode(this.#world, pod, keptAlive(cluster.app(pod.app)));
    }
  }

  #start(pod: Pod, reason: string): void {
    const { cluster, streams } = this.#world;
    const now = this.#world.now();
    setState(this.#world, pod, 'starting', reason);
    const again = pod.restarts === 0 ? '' : `~${String(pod.restarts)}`;
    const startup = draw(
      cluster.app(pod.app).startup,
      streams.once(`startup/${roleName(this.#world, pod)}/${String(pod.incarnation)}${again}`),
    );
    this.standby.starting(pod);
    const announced = this.#isToServe(pod) ? pushDelay(this.#world, pod) : duration(0);
    if (!this.#starts.begin(pod, startup, announced)) dueAt(this.#world, pod, after(now, duration(startup + announced)));
  }

  /** Begins or continues the warm-up. */
  #warm(pod: Pod): void {
    const { weight, for: length, shape } = this.#world.cluster.app(pod.app).warmup;
    const now = this.#world.now();
    const steps = shape === 'step' ? 1 : warmupSteps;
    const step = length === 0 ? steps : Math.floor(((now - pod.since) * steps) / length);
    if (step >= steps) {
      setState(this.#world, pod, 'running', 'warm');
      setMode(this.#world, pod, running);
      const slot = this.#world.cluster.slotOf(pod);
      if (slot) this.#slotStarted(slot);
      else this.#awaited.done(pod);
      return;
    }
    setMode(this.#world, pod, warming(weight + ((1 - weight) * step) / steps));
    dueAt(this.#world, pod, time(pod.since + Math.ceil(((step + 1) * length) / steps)));
  }

  /** A slot is ready when its holder runs and the others are kept alive. */
  #slotStarted(slot: Slot): void {
    const ready = slot.tenants.every((pod) => pod.state === (pod.app === slot.holder ? 'running' : 'keep-alive'));
    if (slot.state !== 'starting' || !ready) return;
    this.#world.cluster.setSlotState(this.#world.now(), slot, 'steady');
    this.#awaited.done(slot);
  }
}

/** Neither starting nor part of a switch that is not over. */
const canBeGivenBack = ({ state, operation }: Slot): boolean =>
  state === 'steady' || state === 'pending' || state === 'failed' || (state === 'stuck' && operation === undefined);

const isBroken = ({ state }: Slot): boolean => state === 'stuck' || state === 'failed';
