import { z } from 'zod';
import { count } from '../base/quantity.ts';

/** Default weights of upstream's scores (apis/config/v1/default_plugins.go). */
const defaultWeights = {
  NodeResourcesFit: 1,
  NodeResourcesBalancedAllocation: 1,
  TaintToleration: 3,
  NodeAffinity: 2,
  PodTopologySpread: 2,
};

const weight = (name: keyof typeof defaultWeights) => count(0, 100).default(defaultWeights[name]);

/** How nodes are filtered and scored: upstream's plug-ins under their names. A weight of 0 leaves a score out; filters always hold. */
export const profileSchema = z.strictObject({
  scoring: z
    .enum(['LeastAllocated', 'MostAllocated'])
    .default('LeastAllocated')
    .describe("strategy of the NodeResourcesFit score, as upstream's NodeResourcesFitArgs (upstream)"),
  zoneSpread: z
    .strictObject({
      maxSkew: count(1, 1000).default(1).describe('pods that a zone may have more than another (assumption: even)'),
      whenUnsatisfiable: z
        .enum(['DoNotSchedule', 'ScheduleAnyway'])
        .default('DoNotSchedule')
        .describe('whether it filters or scores (upstream)'),
    })
    .prefault({})
    .describe("PodTopologySpread over zones, as upstream's constraint; a hard one filters, a soft one scores"),
  weights: z
    .strictObject({
      NodeResourcesFit: weight('NodeResourcesFit'),
      NodeResourcesBalancedAllocation: weight('NodeResourcesBalancedAllocation'),
      TaintToleration: weight('TaintToleration'),
      NodeAffinity: weight('NodeAffinity'),
      PodTopologySpread: weight('PodTopologySpread'),
    })
    .prefault({})
    .describe('weights of the scores (upstream: default_plugins.go)'),
});
export type Profile = z.output<typeof profileSchema>;

/** Profiles that every scenario can name. */
export const builtInProfiles = { default: {}, 'bin-packing': { scoring: 'MostAllocated' } } as const satisfies Readonly<
  Record<string, z.input<typeof profileSchema>>
>;
