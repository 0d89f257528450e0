import { type Time, time } from '../../src/base/units.ts';
import { Engine } from '../../src/engine/engine.ts';
import { Streams } from '../../src/random/streams.ts';
import { exponential } from '../../src/random/variates.ts';
import type { KernelResult } from '../usage-file.ts';
import { exponentialSteps } from './exponential-steps.ts';
import { timed } from './timed.ts';

/** `pendingText` things that each come back an exponential time later: what an event costs the engine, clock, order, fingerprint and check for storms included. */
export function ticking(pendingText: string, eventsText: string): KernelResult {
  interface Tick {
    readonly kind: 'tick';
    readonly subject: number;
  }
  const engine = new Engine<Tick>({ rank: { tick: 0 }, subject: ({ subject }) => subject, eventsAtOnceMax: 1e6 });
  const step = exponentialSteps('ticking');
  const pending = Number(pendingText);
  for (let subject = 0; subject < pending; subject++) engine.schedule(time(step()), { kind: 'tick', subject });
  const execute = (event: Tick): void => engine.schedule(time(engine.now + step()), event);
  // One second brings each of them once.
  const seconds = Math.ceil(Number(eventsText) / pending);
  engine.run(time(Math.ceil(seconds / 4) * 1e6), execute);
  const before = engine.executed;
  const { cpuSeconds } = timed(() => engine.run(time(engine.now + seconds * 1e6), execute));
  return { work: engine.executed - before, cpuSeconds, hash: engine.fingerprint.hex };
}

/** M/M/c at 80 % utilisation, mean service one second: an arrival and a departure for each customer, their times drawn as they are needed. The mean wait is known: 0.205 s for 10 servers. */
export function mmc(serversText: string, customersText: string): KernelResult {
  type Event = { readonly kind: 'arrival' } | { readonly kind: 'departure'; readonly customer: number };
  const [servers, customers] = [Number(serversText), Number(customersText)];
  const streams = new Streams(11);
  const [gap, service] = [streams.stream('gap'), streams.stream('service')];
  const engine = new Engine<Event>({
    rank: { departure: 0, arrival: 1 },
    subject: (event) => (event.kind === 'departure' ? event.customer : 0),
    eventsAtOnceMax: 1e6,
  });
  const arrived = new Float64Array(customers);
  let [came, began, busy, waited] = [0, 0, 0, 0];
  const after = (mean: number, u: number): Time => time(engine.now + Math.round(exponential(mean, u)));
  const begin = (): void => {
    busy++;
    waited += engine.now - (arrived[began] ?? 0);
    engine.schedule(after(1e6, service()), { kind: 'departure', customer: began++ });
  };
  const execute = (event: Event): void => {
    if (event.kind === 'arrival') {
      arrived[came++] = engine.now;
      if (came < customers) engine.schedule(after(1e6 / (0.8 * servers), gap()), event);
    } else busy--;
    if (busy < servers && began < came) begin();
  };
  engine.schedule(time(0), { kind: 'arrival' });
  const { cpuSeconds } = timed(() => engine.run(time(1e15), execute));
  return {
    work: engine.executed,
    cpuSeconds,
    hash: engine.fingerprint.hex,
    note: `mean wait ${(waited / customers / 1e6).toFixed(3)} s`,
  };
}
