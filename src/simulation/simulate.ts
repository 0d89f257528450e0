import { defined } from '../base/assert.ts';
import { after, type Duration, type Time, time } from '../base/units.ts';
import { Cluster } from '../cluster/cluster.ts';
import { Engine } from '../engine/engine.ts';
import { LoadMeter } from '../metrics/load-meter.ts';
import { Recorder } from '../metrics/recorder.ts';
import { Controller } from '../operations/controller.ts';
import type { Operation } from '../operations/operation.ts';
import type { Fact, OperationEvent, World } from '../operations/world.ts';
import type { AppSpec, Scenario, StrategyUse } from '../scenario/scenario.ts';
import type { Action, Measured, Strategy, View } from '../strategies/strategy.ts';
import { Agenda } from './agenda.ts';
import { Arrivals } from './arrivals.ts';
import { checksOf } from './checks.ts';
import { ask, type Asked, created, DecisionRate } from './decision.ts';
import { addCurve, type Demand, demandOf, streamsOf, toldOf } from './demand.ts';
import { eventRank, loadRank, type SimEvent, subjectOf } from './events.ts';
import { emptyView, foresee, type Foreseen } from './foresee.ts';
import { IntervalRows } from './interval-rows.ts';
import { catchUpInterval, Loads } from './loads.ts';
import { notesOf, summaryOf } from './outcome.ts';
import { Pulse } from './pulse.ts';
import type { RunInput, RunResult } from './run.ts';
import { serviceOf } from './service-of.ts';
import { validityNotes } from './validity.ts';
import { Views } from './view.ts';

/** One run: scenario × strategy × seed. Throws a PluginError for the strategy's mistakes and an InvariantError for our own. */
export function simulate(input: RunInput): RunResult {
  return new Run(input).run();
}

class Run {
  readonly #input: RunInput;
  readonly #scenario: Scenario;
  readonly #use: StrategyUse;
  readonly #end: Time;
  readonly #engine: Engine<SimEvent>;
  readonly #cluster: Cluster;
  readonly #controller: Controller;
  readonly #recorder: Recorder;
  readonly #rows: IntervalRows | undefined;
  readonly #demands: readonly Demand[];
  readonly #meters: readonly LoadMeter[];
  readonly #arrivals: Arrivals;
  readonly #strategy: Strategy;
  readonly #views: Views;
  readonly #asked: Asked;
  readonly #pulse: Pulse;
  readonly #decisions: DecisionRate;
  readonly #loads: Loads;
  readonly #agenda: Agenda;
  /** The first operation of the call that is being carried out. */
  #orderedFrom = Infinity;
  /** The rank of the event that is being executed; below all before the clock starts. */
  #rank = -1;
  #rowSince = time(0);
  /** Operations that ended or paused since the strategy was last asked. */
  #news: Operation[] = [];

  constructor(input: RunInput) {
    const { scenario, label, replication } = input;
    this.#input = input;
    this.#scenario = scenario;
    this.#use = defined(
      scenario.strategies.find((use) => use.label === label),
      `strategy ${label}`,
    );
    this.#end = time(scenario.horizon);
    this.#asked = { label, seed: scenario.seed + replication, calendar: scenario.calendar };
    this.#decisions = new DecisionRate(this.#asked);
    this.#agenda = new Agenda(this.#end, (at, because) => {
      this.#engine.schedule(at, { kind: 'decide', because });
    });
    const streams = streamsOf(scenario, replication);
    const apps = scenario.apps.length;
    this.#engine = new Engine<SimEvent>({
      rank: eventRank,
      subject: subjectOf,
      eventsAtOnceMax: scenario.limits.eventsAtOnce,
      interrupted: input.hooks?.interrupted,
    });
    this.#cluster = new Cluster(scenario.cluster, scenario.apps, scenario.groups);
    this.#demands = scenario.apps.map((app) => demandOf(app, scenario, streams));
    this.#pulse = new Pulse(scenario, label, input.hooks);
    const pulse = this.#pulse.beat.bind(this.#pulse);
    this.#meters = scenario.apps.map(
      (app) => new LoadMeter(serviceOf(app, scenario, streams, pulse), scenario.cluster.zones.length, app.objective),
    );
    this.#arrivals = new Arrivals(this.#demands, this.#meters, this.#end, (at, event) => {
      this.#engine.schedule(at, event);
    });
    this.#loads = new Loads(this.#cluster, this.#meters, this.#demands, this.#arrivals, this.#end, this.#use.platform.metrics);
    const node = (index: number | undefined) => (index === undefined ? undefined : this.#cluster.node(index).name);
    this.#recorder = new Recorder(
      input.sink,
      scenario.results.detail === 'all',
      {
        strategy: label,
        app: (index) => this.#app(index).name,
        zone: (index) => defined(scenario.cluster.zones[index], 'zone').name,
        node,
      },
      apps,
    );
    const world: World = {
      cluster: this.#cluster,
      platform: this.#use.platform,
      streams,
      faults: scenario.faults,
      end: this.#end,
      now: () => this.#engine.now,
      schedule: (at: Time, event: OperationEvent) => {
        this.#engine.schedule(at, event);
      },
      emit: (fact: Fact) => {
        this.#fact(fact);
      },
      reading: (app) => this.#measured(app),
    };
    this.#controller = new Controller(world);
    this.#rows =
      input.sink && new IntervalRows(input.sink, scenario, this.#cluster, (index, direction) => this.#controller.swapped(index, direction));
    const entry = defined(
      input.strategies.find((candidate) => candidate.name === this.#use.use),
      `strategy ${this.#use.use}`,
    );
    const { platform } = this.#use;
    this.#views = new Views({
      horizon: this.#end,
      cluster: this.#cluster,
      platform,
      prices: scenario.prices,
      measured: (app) => this.#measured(app),
      forecast: (app) => toldOf(defined(this.#demands[app], 'demand'), platform.information),
    });
    this.#strategy = this.#guarded(() => created(entry, this.#use, streams, this.#asked));
  }

  run(): RunResult {
    const planned = this.#open();
    const whole = this.#engine.run(this.#end, (event) => {
      this.#rank = eventRank[event.kind];
      this.#execute(event);
      this.#arrivals.settle();
    });
    const finished = whole && !this.#pulse.stopped;
    const end = finished ? this.#end : this.#engine.now;
    this.#close(end, !finished);
    return this.#result(end, !finished, planned);
  }

  /** Before the clock starts: curves, the opening fleet, the first events. */
  #open(): Foreseen | undefined {
    const forecasts = this.#demands.map((demand) => demand.forecast);
    const empty = emptyView(this.#scenario, this.#use, forecasts);
    const planned = this.#guarded(() => foresee(this.#scenario, this.#use.label, this.#strategy, empty, forecasts));
    for (const { truth } of this.#demands) addCurve(this.#engine.fingerprint, truth);
    this.#loads.begin();
    const actions = this.#ask(this.#view('start'), (view) => this.#strategy.open(view));
    this.#carryOut(actions, true);
    this.#recorder.opened();
    this.#arrivals.settle();
    this.#news = this.#news.filter(({ state }) => state === 'refused');
    if (this.#strategy.period !== undefined) this.#agenda.addPeriod(this.#engine.now, this.#strategy.period);
    this.#every('catch-up', catchUpInterval);
    if (this.#input.sink) this.#every('row', this.#scenario.results.interval);
    return planned;
  }

  #execute(event: SimEvent): void {
    switch (event.kind) {
      case 'bend':
        this.#loads.advance(event.app, this.#engine.now, loadRank.window);
        return;
      case 'bucket':
        this.#advance(event.app);
        this.#arrivals.endBucket(event.app, this.#engine.now);
        return;
      case 'decide':
        this.#decide(event.because);
        return;
      case 'catch-up':
        this.#loads.advanceAll(this.#engine.now, this.#rank, this.#nextLook);
        this.#every('catch-up', catchUpInterval);
        return;
      case 'row':
        this.#endRow(this.#engine.now);
        this.#every('row', this.#scenario.results.interval);
        return;
      default:
        this.#controller.handle(event);
    }
  }

  #decide(because: 'period' | 'wake' | 'operation'): void {
    const now = this.#engine.now;
    this.#agenda.called(now, because);
    if (because === 'operation' && this.#news.length === 0) return; // an earlier call at this instant has been told
    this.#decisions.count(now);
    const view = this.#view(because);
    this.#news = [];
    this.#carryOut(
      this.#ask(view, (frozen) => this.#strategy.decide(frozen)),
      false,
    );
    if (because === 'period' && this.#strategy.period !== undefined) this.#agenda.addPeriod(this.#engine.now, this.#strategy.period);
  }

  #carryOut(actions: readonly Action[], opening: boolean): void {
    this.#orderedFrom = this.#controller.operations.length;
    for (const action of actions) {
      if (action.kind !== 'wake') this.#controller.execute(action, opening && (action.kind === 'scale' || action.kind === 'reserve'));
      else this.#agenda.addWake(action.at);
    }
    this.#orderedFrom = Infinity;
  }

  #ask(view: View, call: (view: View) => unknown): readonly Action[] {
    return this.#guarded(() => ask(this.#asked, view, () => call(view)));
  }

  /** Runs the strategy's code between the hooks of the supervisor. */
  #guarded<T>(call: () => T): T {
    this.#input.hooks?.deciding?.(this.#engine.now);
    const answer = call();
    this.#input.hooks?.decided?.();
    return answer;
  }

  #view(because: View['because']): View {
    const operations = [...new Set([...this.#controller.live, ...this.#news])].sort((a, b) => a.id - b.id);
    return this.#views.at({ now: this.#engine.now, because, operations });
  }

  #fact(fact: Fact): void {
    this.#recorder.fact(fact, this.#engine.now);
    this.#input.hooks?.fact?.(fact, this.#engine.now);
    switch (fact.kind) {
      case 'start-cpu':
        this.#advance(fact.app);
        this.#loads.note(fact.app, this.#engine.now);
        return;
      case 'pod-state':
        this.#advance(fact.pod.app);
        this.#loads.note(fact.pod.app, this.#engine.now);
        this.#engine.fingerprint.add(fact.pod.id);
        this.#engine.fingerprint.add((fact.pod.node ?? -1) + 1);
        return;
      case 'traffic':
        this.#advance(fact.app);
        this.#meter(fact.app).service.change(this.#engine.now, fact.zone, fact.from, fact.to, fact.backlog);
        this.#arrivals.touch(fact.app);
        return;
      case 'operation':
        this.#news.push(fact.operation);
        // What is over in the very call that ordered it, or that took over from it, is no reason to ask the strategy again: it sees it at its next call.
        if (fact.operation.id >= this.#orderedFrom || fact.operation.state === 'superseded') return;
        this.#agenda.addNews(this.#engine.now);
        return;
      default:
    }
  }

  /** Goes through what happened to an app's load before what is happening now. */
  #advance(app: number): void {
    this.#loads.advance(app, this.#engine.now, this.#rank);
  }

  #measured(app: number): Measured | undefined {
    this.#advance(app);
    return this.#loads.measured(app, this.#engine.now);
  }

  /** The first moment at which anybody may look at the metrics: the strategy when it is asked; orders under way, and repairs of stuck slots, at any time. */
  get #nextLook(): Time {
    const busy = this.#controller.live.length > 0 || this.#cluster.stuckAll.value > 0;
    return busy ? this.#engine.now : time(Math.max(this.#engine.now, this.#agenda.next));
  }

  #endRow(now: Time): void {
    if (now === this.#rowSince) return;
    this.#loads.advanceAll(now, Infinity, this.#nextLook);
    this.#rows?.write(this.#meters, this.#demands, this.#rowSince, now);
    this.#rowSince = now;
  }

  /** The last, possibly shorter, windows and rows: of a run that was interrupted, no row that is not whole. */
  #close(end: Time, interrupted: boolean): void {
    this.#loads.advanceAll(end, interrupted ? this.#rank : Infinity);
    for (const { service } of this.#meters) service.close(end);
    this.#arrivals.close(end);
    if (interrupted) return;
    this.#endRow(end);
    this.#recorder.end(end, this.#controller.operations, this.#cluster.pods);
  }

  #every(kind: 'catch-up' | 'row', period: Duration): void {
    const at = after(this.#engine.now, period);
    if (at <= this.#end) this.#engine.schedule(at, { kind });
  }

  #result(end: Time, interrupted: boolean, planned: Foreseen | undefined): RunResult {
    const { label, replication } = this.#input;
    const seed = this.#scenario.seed + replication;
    const { operations } = this.#controller;
    const { executed: events, fingerprint } = this.#engine;
    const summary = summaryOf({
      strategy: label,
      replication,
      seed,
      end,
      prices: this.#scenario.prices,
      cluster: this.#cluster,
      meters: this.#meters,
      retries: this.#arrivals.retries,
      recorder: this.#recorder,
      operations,
      planned,
      events,
      fingerprint: fingerprint.hex,
      violationSeconds: this.#loads.violationSeconds,
      usedCoresMax: this.#loads.usedCoresMax,
    });
    const checks = checksOf(end, this.#cluster, this.#meters, this.#demands, this.#arrivals.retries);
    return {
      label,
      replication,
      seed,
      summary,
      events,
      fingerprint: fingerprint.hex,
      interrupted,
      checks,
      planned,
      notes: [
        ...notesOf(this.#cluster, operations, this.#controller.fleet.binder.queue.refusing),
        ...validityNotes(this.#scenario, this.#meters, end),
      ],
    };
  }

  #app(index: number): AppSpec {
    return defined(this.#scenario.apps[index], 'app');
  }

  #meter(index: number): LoadMeter {
    return defined(this.#meters[index], 'meter');
  }
}
