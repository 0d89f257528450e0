import { duration } from '../base/units.ts';
import { distances, type NetworkSpec, type ZoneSpec } from '../cluster/specs.ts';
import type { AppSpec } from '../scenario/scenario.ts';
import { Service } from '../serving/service.ts';

/** The service of an app: the numbers that the serving law needs. */
export function serviceOf(app: AppSpec, zones: readonly ZoneSpec[], network: NetworkSpec): Service {
  const { hop } = app.sidecar;
  return new Service({
    zones: zones.length,
    weights: zones.map(({ weight }) => weight),
    serviceTime: app.service.time,
    cv: app.service.cv,
    wait: app.service.wait,
    timeout: app.service.timeout,
    objective: app.objective.p99,
    runningMillicores: app.pod.cpu,
    keepAliveMillicores: app.keepAlive.cpu,
    idleMillicores: app.idleCpu,
    sidecar: app.sidecar.cpu,
    relay: app.sidecar.relay,
    hops: [hop, duration(hop + network.otherIdc), duration(hop + network.otherCity)],
    distances: distances(zones),
    overflow: app.overflow,
  });
}
