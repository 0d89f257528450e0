import type { ClusterSpec } from '../cluster/specs.ts';
import type { AppSpec } from '../scenario/scenario.ts';
import { Service } from '../serving/service.ts';

/** The service of an app: the numbers that the serving law needs. */
export function serviceOf(app: AppSpec, { zones }: ClusterSpec): Service {
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
    hop: app.sidecar.hop,
  });
}
