import { duration, time } from '../../src/base/units.ts';
import { running } from '../../src/operations/traffic-modes.ts';
import { serviceTimes } from '../../src/random/service-time.ts';
import { Streams } from '../../src/random/streams.ts';
import { exponential } from '../../src/random/variates.ts';
import { RequestService } from '../../src/serving/requests/request-service.ts';
import type { KernelResult } from '../usage-file.ts';
import { timed } from './timed.ts';

const pods = 100;
/** Requests/s at 70 % of what 100 pods of four cores can serve, at 16 ms each. */
const perSecond = (0.7 * pods * 4) / 0.016;

/**
 * Single requests at 100 pods of four cores, first come first served, among which they are divided at random: `twin` serves them, `bare` only draws what they
 * need, a gap, a place and a service time each, and adds it up.
 */
export function requests(how: string, countText: string): KernelResult {
  const count = Number(countText);
  return how === 'twin' ? twin(count) : bare(count);
}

function twin(count: number): KernelResult {
  const streams = new Streams(11);
  const service = new RequestService({
    zones: 1,
    serviceTime: duration(16_000),
    cv: 1,
    wait: duration(0),
    timeout: duration(1e9),
    objective: duration(300_000),
    runningMillicores: 4000,
    keepAliveMillicores: 1000,
    idleMillicores: 0,
    sidecar: duration(0),
    relay: duration(0),
    hops: [duration(500), duration(1000), duration(5000)],
    distribution: 'auto',
    discipline: 'fifo',
    balancer: 'random',
    sample: 1,
    stream: (purpose) => streams.stream(purpose),
  });
  for (let pod = 0; pod < pods; pod++) service.change(time(0), 0, undefined, running);
  service.setRate(time(0), perSecond, 0);
  const read = (until: number): void => {
    service.cut(time(until), () => undefined);
  };
  const interval = 10e6;
  const intervals = Math.ceil((count / perSecond) * (1e6 / interval));
  // The compiler has seen it all before it counts.
  const first = Math.ceil(intervals / 4);
  for (let i = 1; i <= first; i++) read(i * interval);
  const before = service.census.simulated;
  const { cpuSeconds } = timed(() => {
    for (let i = 1; i <= intervals; i++) read((first + i) * interval);
  });
  const { simulated, sojourns } = service.census;
  return { work: simulated - before, cpuSeconds, hash: String(sojourns) };
}

function bare(count: number): KernelResult {
  const streams = new Streams(11);
  const [gaps, places, service] = [streams.stream('arrivals'), streams.stream('places'), streams.stream('service')];
  const variate = serviceTimes('auto', 1);
  let sum = 0;
  const draw = (times: number): void => {
    for (let i = 0; i < times; i++) sum += exponential(1, gaps()) + Math.floor(places() * pods) + variate(service());
  };
  draw(Math.ceil(count / 4));
  const { cpuSeconds } = timed(() => {
    draw(count);
  });
  return { work: count, cpuSeconds, hash: String(sum) };
}
