import { duration } from '../base/units.ts';
import { distances } from '../cluster/specs.ts';
import type { Streams } from '../random/streams.ts';
import type { AppSpec, Scenario } from '../scenario/scenario.ts';
import { FluidService } from '../serving/fluid/fluid-service.ts';
import { RequestService, type RequestOptions } from '../serving/requests/request-service.ts';
import type { Service, ServiceOptions } from '../serving/service.ts';

/** The service of an app, in the fidelity that the scenario asks for: the numbers that the serving law needs; single requests tell `pulse` how they go on. */
export function serviceOf(
  app: AppSpec,
  { cluster, network, fidelity, sample }: Scenario,
  streams: Streams,
  pulse?: RequestOptions['pulse'],
): Service {
  const { zones } = cluster;
  const { hop } = app.sidecar;
  const { distribution, discipline, balancer } = app.service;
  const options: ServiceOptions = {
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
    retry: app.retry,
  };
  if (fidelity === 'fluid') return new FluidService(options);
  const stream = (purpose: string) => streams.stream(`requests/${app.name}/${purpose}`);
  return new RequestService({ ...options, distribution, discipline, balancer, sample, stream, ...(pulse && { pulse }) });
}
