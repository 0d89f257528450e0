import { Fingerprint } from '../../src/base/fingerprint.ts';
import { FutureEventList } from '../../src/engine/future-event-list.ts';
import type { KernelResult } from '../usage-file.ts';
import { exponentialSteps } from './exponential-steps.ts';
import { timed } from './timed.ts';

interface Event {
  readonly id: number;
}

/** The hold model: of `pending` events the earliest is taken, and put back an exponential time later. Warmed up by half as many operations, or once through all events. */
export function hold(pendingText: string, operationsText: string): KernelResult {
  const [pending, operations] = [Number(pendingText), Number(operationsText)];
  const list = new FutureEventList<Event>();
  const step = exponentialSteps('hold');
  for (let id = 0; id < pending; id++) list.push(step(), id & 15, { id });
  run(list, step, new Int32Array(Math.max(pending, operations / 2)));
  const popped = new Int32Array(operations);
  const { cpuSeconds } = timed(() => run(list, step, popped));
  const fingerprint = new Fingerprint();
  for (const id of popped) fingerprint.add(id);
  return { work: operations, cpuSeconds, hash: fingerprint.hex };
}

/** As many operations as `popped` has room for; it gets the events in the order in which they came. */
function run(list: FutureEventList<Event>, step: () => number, popped: Int32Array): void {
  for (let i = 0; i < popped.length; i++) {
    const now = list.nextTime;
    const event = list.pop() as Event;
    popped[i] = event.id;
    list.push(now + step(), event.id & 15, event);
  }
}
