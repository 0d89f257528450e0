import { z } from 'zod';
import { count, positiveRate, positiveSpan, share, span } from '../base/quantity.ts';
import { durationLaw } from '../random/duration-law.ts';

/** The control plane: how fast and how reliably the platform carries out what a strategy orders. Every field has a default, so that `platform: {}` is one. */
export const platformFields = {
  scheduler: z
    .strictObject({
      rate: positiveRate()
        .prefault('1/s')
        .describe(
          'pods bound per second (stock kube-scheduler at thousands of nodes: 1–2; batch scheduling: 100–200; kubernetes-practice-antfinal-shopping-festival, 2019)',
        ),
      scoring: z
        .enum(['LeastAllocated', 'MostAllocated'])
        .default('LeastAllocated')
        .describe("strategy of the NodeResourcesFit score, as upstream's NodeResourcesFitArgs"),
      zoneSpread: z
        .strictObject({
          maxSkew: count(1, 1000).default(1),
          whenUnsatisfiable: z.enum(['DoNotSchedule', 'ScheduleAnyway']).default('DoNotSchedule'),
        })
        .prefault({})
        .describe("PodTopologySpread over zones, as upstream's constraint"),
    })
    .prefault({}),
  metrics: z
    .strictObject({ window: positiveSpan().prefault('15s'), delay: span().prefault('15s') })
    .prefault({})
    .describe('strategies and gates see the mean over `window` that ended `delay` ago'),
  push: durationLaw()
    .prefault({ median: '2s', 'p99.9': '8s' })
    .describe('from the config centre to a sidecar (P999 below 8 s with 100,000 clients: SOFARegistry; median: assumption)'),
  limitWrite: durationLaw().prefault('0.5s').describe('writing the cgroup limits of one pod (assumption)'),
  status: durationLaw().prefault('1.5s').describe('from an agent back to the controller (assumption)'),
  ratioRamp: span().prefault('0s').describe('a traffic ratio moves over this time, in ten steps, instead of at once'),
  steps: z
    .strictObject({
      failure: share()
        .prefault('0.01%')
        .describe('probability that one try of one step of one slot fails (assumption; 100 % success was published for 2019)'),
      stall: share().prefault('0%').describe('probability that a try stalls first'),
      stallFor: positiveSpan().prefault('30s').describe('how long a stalled try hangs'),
      tries: count(1, 20).default(3).describe('tries before a slot is stuck'),
      backoff: span().prefault('1s').describe('pause before the second try, doubled for each further one'),
    })
    .prefault({})
    .describe('the steps of a switch'),
  information: z.enum(['forecast', 'none', 'perfect']).default('forecast').describe('what a strategy may know of the traffic to come'),
};

export const platformSpec = z.strictObject(platformFields);
export type Platform = z.output<typeof platformSpec>;
