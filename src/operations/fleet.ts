import { InvariantError, defined } from '../base/assert.ts';
import { after, duration, type Time, time } from '../base/units.ts';
import type { Claim } from '../cluster/cluster.ts';
import type { Pod } from '../cluster/pod.ts';
import type { Slot } from '../cluster/slot.ts';
import { Scheduler } from '../placement/scheduler.ts';
import { SchedulingQueue, wakesAfter } from '../placement/scheduling-queue.ts';
import type { Request, Unit } from '../placement/unit.ts';
import { draw } from '../random/duration-law.ts';
import type { Operation } from './operation.ts';
import { pushDelay, roleName, setMode, setState } from './changes.ts';
import { absent, draining, keptAlive, running, warming } from './traffic-modes.ts';
import type { World } from './world.ts';

/** A linear warm-up rises in this many steps: the weights of registries are whole percents. */
const warmupSteps = 20;

/**
 * The life of pods and slots apart from switches: pending → (scheduler, limited rate) → starting → (push) → warming → running → draining → terminating → gone.
 * Newest pods and slots leave first.
 */
export class Fleet {
  readonly #world: World;
  readonly #scheduler: Scheduler;
  readonly queue: SchedulingQueue;
  /** Pods outside slots that are wanted, per app, oldest first: pod i has role index i. */
  readonly #exclusive: Pod[][];
  /** Slots that are wanted, per group, oldest first. */
  readonly #slots: Slot[][];
  readonly #operations = new Map<number, Operation>();
  #binding = false;
  /** When the queue is looked at next, and the number of times that was set. */
  #queueDue = Infinity;
  #queueToken = 0;

  constructor(world: World) {
    this.#world = world;
    const { profile, backoff, flushAfter } = world.platform.scheduler;
    this.#scheduler = new Scheduler(world.cluster, profile);
    this.queue = new SchedulingQueue({ initialBackoff: backoff.initial, maxBackoff: backoff.max, flushAfter });
    this.#exclusive = world.cluster.apps.map(() => []);
    this.#slots = world.cluster.groups.map(() => []);
  }

  exclusive(app: number): readonly Pod[] {
    return defined(this.#exclusive[app], 'app');
  }
  slots(group: number): readonly Slot[] {
    return defined(this.#slots[group], 'group');
  }

  /** Brings the app to `pods` outside slots. At the opening they are placed at once and warm; what fits no node waits for the scheduler. */
  scale(operation: Operation, app: number, pods: number, opening: boolean): void {
    const wanted = this.exclusive(app) as Pod[];
    operation.requested = Math.abs(pods - wanted.length);
    this.#operations.set(operation.id, operation);
    const zones = this.#world.cluster.spec.zones.length;
    while (wanted.length < pods) {
      const pod = this.#world.cluster.createPod(
        this.#world.now(),
        app,
        { kind: 'exclusive', index: wanted.length },
        wanted.length % zones,
        operation.id,
      );
      wanted.push(pod);
      this.#add({ kind: 'pod', pod }, [pod], wanted.length - 1, opening);
    }
    while (wanted.length > pods) {
      const pod = wanted.pop() as Pod;
      pod.operation = operation.id;
      this.#remove(pod);
    }
    this.#settle(operation);
  }

  /** Why the group cannot be brought to `slots` slots; undefined if it can. */
  refusal(group: number, slots: number): string | undefined {
    const wanted = this.slots(group);
    const steady = wanted.filter((slot) => slot.state === 'steady' || slot.state === 'pending').length;
    if (wanted.length - slots <= steady) return undefined;
    return `only ${String(steady)} of ${String(wanted.length)} slots can be given back; the others are starting, switching or stuck`;
  }

  /** Brings the group to `slots` slots, which it can; new ones are held by `holder`. */
  reserve(operation: Operation, group: number, slots: number, holder: number, opening: boolean): void {
    const wanted = this.slots(group) as Slot[];
    operation.requested = Math.abs(slots - wanted.length);
    this.#operations.set(operation.id, operation);
    const zones = this.#world.cluster.spec.zones.length;
    const taken = new Set(wanted.map((slot) => slot.index));
    for (let index = 0; wanted.length < slots; index++) {
      if (taken.has(index)) continue; // a role is one slot's alone
      const slot = this.#world.cluster.createSlot(this.#world.now(), group, index, holder, index % zones, operation.id);
      wanted.push(slot);
      this.#add({ kind: 'slot', slot }, slot.tenants, index, opening);
    }
    while (wanted.length > slots) {
      const index = wanted.findLastIndex((slot) => slot.state === 'steady' || slot.state === 'pending');
      const slot = defined(wanted.splice(index, 1)[0], 'slot');
      slot.operation = operation.id;
      this.#removeSlot(slot);
    }
    this.#settle(operation);
  }

  /** The scheduler has finished with the next unit. */
  bind(): void {
    const now = this.#world.now();
    this.#binding = false;
    const entry = this.queue.next();
    const choice = entry && this.#scheduler.choose(entry.request);
    if (entry && choice && 'node' in choice) {
      const { request } = entry;
      const pods = request.unit.kind === 'pod' ? [request.unit.pod] : request.unit.slot.tenants;
      for (const pod of pods) this.#world.emit({ kind: 'bound', pod, waited: duration(now - request.since) });
      const modes = pods.map((pod) => pod.mode);
      for (const pod of pods) if (pod.mode) setMode(this.#world, pod, undefined); // in the zone it was expected in …
      this.#place(request, choice.node);
      pods.forEach((pod, index) => {
        if (modes[index]) setMode(this.#world, pod, modes[index]); // … and in the zone it got
        this.#start(pod);
      });
      this.queue.wake(wakesAfter.bound, now);
    } else if (entry && choice && 'refusedBy' in choice) this.queue.refused(entry, choice.refusedBy, now);
    this.#schedule();
  }

  /** A backoff is over, or a unit has been unschedulable for long enough. */
  queueDue(token: number): void {
    if (token === this.#queueToken) this.#schedule();
  }

  /** The pod's present state ends. */
  due(pod: Pod): void {
    const { cluster } = this.#world;
    const app = cluster.app(pod.app);
    switch (pod.state) {
      case 'starting': {
        const slot = cluster.slotOf(pod);
        if (slot && slot.holder !== pod.app) {
          setState(this.#world, pod, 'keep-alive', 'started');
          setMode(this.#world, pod, keptAlive(app));
          this.#slotStarted(slot);
        } else {
          setState(this.#world, pod, 'warming', 'started');
          this.#warm(pod);
        }
        return;
      }
      case 'warming':
        this.#warm(pod);
        return;
      case 'running':
        setMode(this.#world, pod, running); // its pages are warm again
        return;
      case 'draining':
        this.#terminate(pod, 'drained');
        return;
      case 'terminating':
        this.#gone(pod, 'deleted');
        return;
      default:
        throw new InvariantError(`nothing is due for a pod that is ${pod.state}`);
    }
  }

  #add(unit: Unit, pods: readonly Pod[], index: number, opening: boolean): void {
    const { cluster } = this.#world;
    const now = this.#world.now();
    for (const pod of pods) this.#world.emit({ kind: 'pod-created', pod });
    const apps = pods.map((pod) => cluster.app(pod.app));
    const priority = Math.max(...apps.map((app) => app.priority));
    const request: Request = { unit, claim: this.#claim(unit), spreadKey: spreadKey(unit), constraints: apps, priority, since: now };
    const node = opening ? this.#opened(request, index % cluster.spec.zones.length) : undefined;
    if (node !== undefined) {
      this.#place(request, node);
      for (const pod of pods) this.#openWarm(pod);
      if (unit.kind === 'slot') cluster.setSlotState(now, unit.slot, 'steady');
      this.#done(pods[0]?.operation);
      return;
    }
    for (const pod of pods) setMode(this.#world, pod, this.#isHolder(pod) ? absent('cold-start') : undefined);
    this.queue.add(request, now);
    this.#schedule();
  }

  /** The node of a unit of the opening fleet: in its own zone if there is room, else in any. */
  #opened(request: Request, zone: number): number | undefined {
    for (const where of [zone, undefined]) {
      const choice = this.#scheduler.choose(request, where);
      if ('node' in choice) return choice.node;
    }
    return undefined;
  }

  #claim(unit: Unit): Claim {
    const { cluster } = this.#world;
    if (unit.kind === 'pod') {
      const { pod } = cluster.app(unit.pod.app);
      return { millicores: pod.cpu, bytes: pod.memory, pods: 1 };
    }
    const { slot } = cluster.group(unit.slot.group).spec;
    return { millicores: slot.cpu, bytes: slot.memory, pods: unit.slot.tenants.length };
  }

  /** Whether the pod is meant to run: outside slots, or as its slot's holder. */
  #isHolder(pod: Pod): boolean {
    const slot = this.#world.cluster.slotOf(pod);
    return slot === undefined || slot.holder === pod.app;
  }

  #place(request: Request, node: number): void {
    const now = this.#world.now();
    if (request.unit.kind === 'pod') this.#world.cluster.placePod(now, request.unit.pod, node);
    else this.#world.cluster.placeSlot(now, request.unit.slot, node);
  }

  /** A pod of the opening fleet: there, warm, and nothing drawn. */
  #openWarm(pod: Pod): void {
    const { cluster } = this.#world;
    setState(this.#world, pod, 'starting', 'opening');
    if (this.#isHolder(pod)) {
      setState(this.#world, pod, 'warming', 'opening');
      setState(this.#world, pod, 'running', 'opening');
      setMode(this.#world, pod, running);
    } else {
      setState(this.#world, pod, 'keep-alive', 'opening');
      setMode(this.#world, pod, keptAlive(cluster.app(pod.app)));
    }
  }

  #start(pod: Pod): void {
    const { cluster, streams } = this.#world;
    const now = this.#world.now();
    if (pod.slot !== undefined) cluster.setSlotState(now, cluster.slot(pod.slot), 'starting');
    setState(this.#world, pod, 'starting', 'bound');
    const startup = draw(cluster.app(pod.app).startup, streams.once(`startup/${roleName(this.#world, pod)}/${String(pod.incarnation)}`));
    const announced = this.#isHolder(pod) ? pushDelay(this.#world, pod) : 0;
    this.#dueAt(pod, after(now, duration(startup + announced)));
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
      else this.#done(pod.operation);
      return;
    }
    setMode(this.#world, pod, warming(weight + ((1 - weight) * step) / steps));
    this.#dueAt(pod, time(pod.since + Math.ceil(((step + 1) * length) / steps)));
  }

  /** A slot is ready when its holder runs and the others are kept alive. */
  #slotStarted(slot: Slot): void {
    const ready = slot.tenants.every((pod) => pod.state === (pod.app === slot.holder ? 'running' : 'keep-alive'));
    if (slot.state !== 'starting' || !ready) return;
    this.#world.cluster.setSlotState(this.#world.now(), slot, 'steady');
    this.#done(slot.operation);
  }

  #remove(pod: Pod): void {
    switch (pod.state) {
      case 'pending':
        this.queue.withdraw(({ unit }) => (unit.kind === 'pod' ? unit.pod === pod : unit.slot.tenants.includes(pod)));
        this.#gone(pod, 'withdrawn');
        return;
      case 'running':
      case 'warming':
        this.#leaves(pod);
        setState(this.#world, pod, 'draining', 'scaled down');
        setMode(this.#world, pod, draining);
        this.#dueAt(pod, after(pod.since, this.#world.cluster.app(pod.app).drain));
        return;
      default:
        this.#leaves(pod);
        this.#terminate(pod, 'scaled down');
    }
  }

  /** A unit on its way out does not count for the spread any more (upstream: podtopologyspread/common.go passes over terminating pods). */
  #leaves(pod: Pod): void {
    const { cluster } = this.#world;
    const slot = cluster.slotOf(pod);
    if (slot !== undefined && pod !== slot.tenants[0]) return;
    const unit: Unit = slot === undefined ? { kind: 'pod', pod } : { kind: 'slot', slot };
    const constraints = (slot?.tenants ?? [pod]).map((tenant) => cluster.app(tenant.app));
    this.#scheduler.count({ spreadKey: spreadKey(unit), constraints }, pod.zone, -1);
  }

  #removeSlot(slot: Slot): void {
    this.#world.cluster.setSlotState(this.#world.now(), slot, 'leaving');
    for (const pod of slot.tenants) this.#remove(pod);
  }

  #terminate(pod: Pod, reason: string): void {
    setState(this.#world, pod, 'terminating', reason);
    setMode(this.#world, pod, undefined);
    this.#dueAt(pod, after(pod.since, this.#world.cluster.app(pod.app).terminate));
  }

  /** The pod is no more: what it had reserved is free, and those that fitted nowhere are tried again. */
  #gone(pod: Pod, reason: string): void {
    const { cluster } = this.#world;
    const now = this.#world.now();
    const [placed, slot] = [pod.node !== undefined, cluster.slotOf(pod)];
    if (pod.mode) setMode(this.#world, pod, undefined);
    setState(this.#world, pod, 'gone', reason);
    if (slot === undefined) {
      if (placed) cluster.releasePod(now, pod);
      this.#done(pod.operation);
    } else if (slot.tenants.every((tenant) => tenant.state === 'gone')) {
      if (placed) cluster.releaseSlot(now, slot);
      cluster.setSlotState(now, slot, 'gone');
      this.#done(slot.operation);
    }
    if (placed && (slot === undefined || slot.state === 'gone')) this.retry();
  }

  /** Something was freed: units that it may help are tried again. */
  retry(): void {
    this.queue.wake(wakesAfter.deleted, this.#world.now());
    this.#schedule();
  }

  #dueAt(pod: Pod, at: Time): void {
    this.#world.schedule(at, { kind: 'pod-due', pod: pod.id, epoch: pod.epoch });
  }

  /** Binding takes 1 ÷ rate; the scheduler works on one unit at a time. Without a unit to be tried it waits for the next backoff. */
  #schedule(): void {
    const now = this.#world.now();
    this.queue.advance(now);
    if (this.queue.active && !this.#binding) {
      this.#binding = true;
      const each = duration(Math.round(1e6 / this.#world.platform.scheduler.rate));
      this.#world.schedule(after(now, each), { kind: 'bind-due' });
    }
    const due = this.queue.nextDue;
    if (due === this.#queueDue || due === Infinity) return;
    this.#queueDue = due;
    this.#world.schedule(time(due), { kind: 'queue-due', token: ++this.#queueToken });
  }

  /** One more pod or slot of the operation is as it was asked for. */
  #done(id: number | undefined): void {
    const operation = id === undefined ? undefined : this.#operations.get(id);
    if (!operation) return;
    operation.done++;
    this.#settle(operation);
  }

  #settle(operation: Operation): void {
    if (operation.state !== 'running' || operation.done < operation.requested) return;
    operation.state = 'done';
    operation.ended = this.#world.now();
    this.#world.emit({ kind: 'operation', operation });
  }

  /** A newer order for the same pods takes over: what the older one still waited for is not its business any more. */
  supersede(operation: Operation, by: number): void {
    operation.state = 'done';
    operation.ended = this.#world.now();
    operation.reason = `superseded by operation ${String(by)}`;
    this.#operations.delete(operation.id);
    this.#world.emit({ kind: 'operation', operation });
  }
}

/** Units of one key are spread over the zones together. */
const spreadKey = (unit: Unit): string => (unit.kind === 'pod' ? `app ${String(unit.pod.app)}` : `group ${String(unit.slot.group)}`);
