import type { Duration } from '../base/units.ts';
import type { Pod, PodState } from '../cluster/pod.ts';
import { draw } from '../random/duration-law.ts';
import type { ServingMode } from '../serving/mode.ts';
import type { World } from './world.ts';

/** Stream name of a pod's role: equal under every strategy. */
export function roleName(world: World, pod: Pod): string {
  return `${world.cluster.app(pod.app).name}/${pod.role.kind}/${String(pod.role.index)}`;
}

/** Follows a name in streams that count from zero in each incarnation, so that a later one does not draw an earlier one's numbers again. */
export const again = ({ incarnation }: Pod): string => (incarnation === 0 ? '' : `~${String(incarnation)}`);

/** Delay of the next ratio or weight push to the pod's sidecar. */
export function pushDelay(world: World, pod: Pod): Duration {
  return draw(world.platform.push, world.streams.once(`push/${roleName(world, pod)}${again(pod)}/${String(pod.pushes++)}`));
}

/** Changes the pod's state and tells so. */
export function setState(world: World, pod: Pod, state: PodState, reason: string): void {
  const [left, since] = [pod.state, pod.since];
  world.cluster.setState(world.now(), pod, state);
  world.emit({ kind: 'pod-state', pod, left, since, reason });
}

/** Changes what the pod is to traffic and tells so. */
export function setMode(world: World, pod: Pod, mode: ServingMode | undefined): void {
  const from = pod.mode;
  pod.mode = mode;
  world.emit({ kind: 'traffic', app: pod.app, zone: pod.zone, from, to: mode });
}
