import { z } from 'zod';
import { bandwidth, count, positiveRate, positiveSpan, share, show, span } from '../base/quantity.ts';
import { didYouMean } from '../base/suggest.ts';
import { builtInProfiles, type Profile, profileSchema } from '../placement/profile.ts';
import type { Time } from '../base/units.ts';
import { durationLaw } from '../random/duration-law.ts';

/** Schema of the scheduler; `profile` names one of fenshi's profiles or of the scenario's own. */
function schedulerSpec() {
  return z
    .strictObject({
      rate: positiveRate()
        .prefault('1/s')
        .describe(
          'pods bound per second (stock kube-scheduler at thousands of nodes: 1–2; batch scheduling: 100–200; kubernetes-practice-antfinal-shopping-festival, 2019)',
        ),
      backoff: z
        .strictObject({ initial: positiveSpan().prefault('1s'), max: positiveSpan().prefault('10s') })
        .refine(({ initial, max }) => initial <= max, { error: 'is less than `initial`; by default it is 10s', path: ['max'] })
        .prefault({})
        .describe('pause after a try that found no node, doubled with each further one (upstream: 1 s to 10 s)'),
      flushAfter: positiveSpan()
        .prefault('5m')
        .describe('an unschedulable unit is tried again after this even if nothing has happened (upstream: 5 minutes)'),
      profile: z
        .string()
        .default('default')
        .describe(`name of the profile: ${Object.keys(builtInProfiles).join(', ')}, or one of profiles (upstream's defaults)`),
      profiles: z.record(z.string(), profileSchema).default({}).describe('profiles by name; one of a built-in name takes its place (none)'),
    })
    .transform(({ profile: name, profiles, ...rest }, context) => {
      const known: Readonly<Record<string, Profile | undefined>> = {
        ...Object.fromEntries(Object.entries(builtInProfiles).map(([key, given]) => [key, profileSchema.parse(given)])),
        ...profiles,
      };
      const profile = Object.hasOwn(known, name) ? known[name] : undefined;
      if (profile !== undefined) return { ...rest, profile };
      const names = Object.keys(known);
      context.addIssue({
        code: 'custom',
        path: ['profile'],
        message: `there is no profile ${show(name)}; known: ${names.join(', ')}`,
        params: { suggestion: didYouMean(name, names) },
        input: name,
      });
      return z.NEVER;
    });
}

/** The control plane: how fast and how reliably the platform carries out what a strategy orders. Every field has a default, so that `platform: {}` is one. */
const platformFields = {
  scheduler: schedulerSpec().prefault({}).describe('the scheduler: its rate, its queues, and the profile by which it chooses nodes'),
  registry: z
    .strictObject({
      bandwidth: bandwidth()
        .prefault('10GB/s')
        .describe('of the registry and its mirrors, shared equally by the nodes that pull (assumption)'),
      perNode: bandwidth().prefault('1GB/s').describe('most that one node pulls with: its network and disk (assumption)'),
    })
    .prefault({})
    .describe('where images come from; a node pulls one image at a time (kubelet: serializeImagePulls)'),
  metrics: z
    .strictObject({
      window: span()
        .refine((value) => value >= 1_000_000, { error: 'must be at least 1s' })
        .prefault('15s')
        .describe("length of a metrics window (Kubernetes' metrics pipeline: 15–60 s)"),
      delay: span().prefault('15s').describe("age at which a window is seen (Kubernetes' metrics pipeline: 15–60 s)"),
    })
    .prefault({})
    .describe('strategies and gates see the mean over `window` that ended `delay` ago'),
  push: durationLaw()
    .prefault({ median: '2s', 'p99.9': '8s' })
    .describe('from the config centre to a sidecar (P999 below 8 s with 100,000 clients: SOFARegistry; median: assumption)'),
  limitWrite: durationLaw().prefault('0.5s').describe('writing the cgroup limits of one pod (assumption)'),
  status: durationLaw().prefault('1.5s').describe('from an agent back to the controller (assumption)'),
  pushLoss: share()
    .prefault('0%')
    .describe(
      'share of the ratio pushes that never reach their sidecar, which nobody is told: it keeps its ratio until the inspection finds it (assumption)',
    ),
  api: z
    .strictObject({
      writes: z
        .strictObject({ rate: positiveRate().prefault('1000/s'), burst: count(1, 1_000_000).default(1000) })
        .prefault({})
        .describe(
          "the time-sharing controller's writes of slots, a token bucket (assumption; upstream's kube-controller-manager: 20/s, burst 30)",
        ),
      watch: durationLaw().prefault('0s').describe("from the API server to a node's agent; by default part of limitWrite (assumption)"),
    })
    .prefault({})
    .describe('the API server between the controller and the agents'),
  ratioRamp: span().prefault('0s').describe('a traffic ratio moves over this time, in ten steps, instead of at once (assumption)'),
  steps: z
    .strictObject({
      failure: share()
        .prefault('0.01%')
        .describe('probability that one try of one step of one slot fails (assumption; 100 % success was published for 2019)'),
      stall: share().prefault('0%').describe('probability that a try stalls first (assumption)'),
      stallFor: positiveSpan().prefault('30s').describe('how long a stalled try hangs (assumption)'),
      tries: count(1, 20).default(3).describe('tries before a slot is stuck (assumption)'),
      timeout: positiveSpan()
        .prefault('1m')
        .describe('a try without an answer for this long has failed: a push, a limit write or a status (assumption)'),
      backoff: span().prefault('1s').describe('pause before the second try, doubled for each further one (assumption)'),
    })
    .prefault({})
    .describe('the steps of a switch'),
  inspection: z
    .union([
      z.literal('none', { error: (issue) => `read ${show(issue.input)}: expected none, or a mapping such as { every: 5m }` }),
      z.strictObject({
        every: span()
          .refine((value) => value >= 1_000_000, { error: 'must be at least 1s' })
          .prefault('5m'),
      }),
    ])
    .prefault({})
    .transform((given) => (given === 'none' ? undefined : given))
    .describe(
      'looks for stuck slots and for sidecars that missed a push, and repairs them (巡检), or none (assumption; that there is one is published, its period is not)',
    ),
  nodeLoss: z
    .strictObject({
      unregister: span().prefault('10s').describe('until clients send nothing more to the pods of a lost node (assumption)'),
      detect: span().prefault('40s').describe('until the control plane counts it as lost (upstream: node-monitor-grace-period)'),
      evict: span()
        .prefault('5m')
        .describe('from then on until its pods are given up and made anew elsewhere (upstream: tolerationSeconds by default)'),
    })
    .prefault({})
    .describe('what happens when a node is lost'),
  information: z
    .enum(['forecast', 'none', 'perfect'])
    .default('forecast')
    .describe('what a strategy may know of the traffic to come (a choice of fenshi: planners know something)'),
};

/** The control plane with what needs the scenario's clock; `time` is the schema of a clock time. */
export const platformSpec = (time: z.ZodType<Time>) =>
  z.strictObject({
    ...platformFields,
    changeWindows: z
      .array(
        z.strictObject({ from: time, to: time }).refine(({ from, to }) => from < to, { error: 'is not later than `from`', path: ['to'] }),
      )
      .default([])
      .describe(
        'when batches of switches may begin (变更窗口); none given: always. Roll-backs and repeated pushes are always allowed (none)',
      ),
  });
export type Platform = z.output<ReturnType<typeof platformSpec>>;

/** What a platform may hold, and what a strategy may override of it. */
export const platformKeys: readonly string[] = [...Object.keys(platformFields), 'changeWindows'];
