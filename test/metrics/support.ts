import { fromSeconds, type Time, time } from '../../src/base/units.ts';
import { LoadMeter } from '../../src/metrics/load-meter.ts';
import { running } from '../../src/operations/traffic-modes.ts';
import { FluidService } from '../../src/serving/fluid/fluid-service.ts';

export const at = (seconds: number): Time => time(fromSeconds(seconds));

/** A meter on a service of 10 ms a request, time-out 1 s, objective 0.5 s, with so many running pods of 4 cores (400/s) in each zone. */
export function meterOf(pods: readonly number[], success = 0.99): LoadMeter {
  const none = fromSeconds(0);
  const service = new FluidService({
    zones: pods.length, serviceTime: fromSeconds(0.01), cv: 1, wait: none, timeout: fromSeconds(1), objective: fromSeconds(0.5),
    runningMillicores: 4000, keepAliveMillicores: 1000, idleMillicores: 0, sidecar: none, relay: none, hops: [none, none, none],
  }); // prettier-ignore
  pods.forEach((count, zone) => {
    for (let pod = 0; pod < count; pod++) service.change(at(0), zone, undefined, running);
  });
  return new LoadMeter(service, pods.length, { success });
}
