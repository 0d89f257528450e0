import { type Taint, type Toleration, tolerates } from '../cluster/taints.ts';

/** Filter TaintToleration: the first taint of effect NoSchedule or NoExecute that none of the tolerations covers; undefined where the pod may come (upstream: tainttoleration/taint_toleration.go). */
export function untolerated(tolerations: readonly Toleration[], taints: readonly Taint[]): Taint | undefined {
  return taints.find((taint) => taint.effect !== 'PreferNoSchedule' && !tolerations.some((toleration) => tolerates(toleration, taint)));
}

/** Raw score TaintToleration: taints of effect PreferNoSchedule that none of the tolerations covers; fewer are better. */
export function intolerable(tolerations: readonly Toleration[], taints: readonly Taint[]): number {
  return taints.filter((taint) => taint.effect === 'PreferNoSchedule' && !tolerations.some((toleration) => tolerates(toleration, taint)))
    .length;
}
