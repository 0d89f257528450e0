import { PluginError } from '../../src/base/errors.ts';
import { time } from '../../src/base/units.ts';
import { serve } from '../../src/experiments/worker-port.ts';

/** A task for the pool's tests: waits, then does what it says. */
export interface FakeTask {
  readonly does: 'answer' | 'throw' | 'plugin-throw' | 'die' | 'slow-decision' | 'throw-in-decision' | 'until-stopped' | 'count';
  readonly waitMs?: number;
  readonly value?: number;
}

let counted = 0;

serve((shared: { readonly offset: number; readonly broken?: boolean }) =>
  shared.broken
    ? Promise.reject(new PluginError('mine.ts: cannot be loaded'))
    : Promise.resolve((task: FakeTask, heartbeat) => {
        sleep(task.waitMs ?? 0);
        switch (task.does) {
          case 'answer':
            return shared.offset + (task.value ?? 0);
          case 'throw':
            throw new Error(`broken ${String(task.value)}`);
          case 'plugin-throw':
            throw new PluginError('mine is broken');
          case 'die':
            return process.exit(3);
          case 'slow-decision':
            heartbeat.deciding(time(42e6));
            sleep(60_000);
            return 'never';
          case 'throw-in-decision':
            heartbeat.deciding(time(7e6));
            throw new TypeError('undefined is not a function');
          case 'until-stopped':
            while (!heartbeat.stopped) sleep(5);
            return 'stopped';
          case 'count':
            return ++counted;
        }
      }),
);

/** Blocks the thread, as a simulation does. */
function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
