import type { Duration, Time } from '../base/units.ts';
import type { Pod, PodState } from '../cluster/pod.ts';
import { draw } from '../random/duration-law.ts';
import type { ServingMode } from '../serving/mode.ts';
import { slowed, withRatio } from './traffic-modes.ts';
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

/** Whether the push to the pod with the number `push` gets lost, where a `share` of them does. */
export function losesPush(world: World, pod: Pod, push: number, share: number): boolean {
  return share > 0 && world.streams.once(`push-loss/${roleName(world, pod)}${again(pod)}/${String(push)}`) < share;
}

/** The pod's present state ends at `at`. */
export function dueAt(world: World, pod: Pod, at: Time): void {
  world.schedule(at, { kind: 'pod-due', pod: pod.id, epoch: pod.epoch });
}

/** Changes the pod's state and tells so. */
export function setState(world: World, pod: Pod, state: PodState, reason: string): void {
  const [left, since] = [pod.state, pod.since];
  world.cluster.setState(world.now(), pod, state);
  world.emit({ kind: 'pod-state', pod, left, since, reason });
}

/** Changes what the pod is meant to be to traffic, and tells what it is. */
export function setMode(world: World, pod: Pod, mode: ServingMode | undefined): void {
  pod.intended = mode;
  tellMode(world, pod);
}

/** Whether the pod's sidecar has missed the last ratio push: it stays at `ratio` (1/1000) until another one reaches it. Its mode is told with the next change. */
export function setMissed(world: World, pod: Pod, ratio: number | undefined): void {
  if ((pod.missed === undefined) !== (ratio === undefined)) world.emit({ kind: 'drift', pod, begins: ratio !== undefined });
  pod.missed = ratio;
}

/** Tells what the pod is to traffic now: as meant, but with the ratio that its sidecar knows, and as fast as its node. `lost`: what waited at it is lost. */
export function tellMode(world: World, pod: Pod, backlog: 'moves' | 'lost' = 'moves'): void {
  const from = pod.mode;
  const speed = pod.node === undefined ? 1000 : world.cluster.node(pod.node).speed;
  pod.mode = pod.intended && slowed(withRatio(pod.intended, pod.missed), speed);
  world.emit({ kind: 'traffic', app: pod.app, zone: pod.zone, from, to: pod.mode, backlog });
}
