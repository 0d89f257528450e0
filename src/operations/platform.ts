import { z } from 'zod';
import { count, positiveRate, positiveSpan, share, show, span } from '../base/quantity.ts';
import { didYouMean } from '../base/suggest.ts';
import { builtInProfiles, type Profile, profileSchema } from '../placement/profile.ts';
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
        .describe(`name of the profile: ${Object.keys(builtInProfiles).join(', ')}, or one of profiles`),
      profiles: z.record(z.string(), profileSchema).default({}).describe('profiles by name; one of a built-in name takes its place'),
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
export const platformFields = {
  scheduler: schedulerSpec().prefault({}).describe('the scheduler: its rate, its queues, and the profile by which it chooses nodes'),
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
  ratioRamp: span().prefault('0s').describe('a traffic ratio moves over this time, in ten steps, instead of at once (assumption)'),
  steps: z
    .strictObject({
      failure: share()
        .prefault('0.01%')
        .describe('probability that one try of one step of one slot fails (assumption; 100 % success was published for 2019)'),
      stall: share().prefault('0%').describe('probability that a try stalls first (assumption)'),
      stallFor: positiveSpan().prefault('30s').describe('how long a stalled try hangs (assumption)'),
      tries: count(1, 20).default(3).describe('tries before a slot is stuck (assumption)'),
      backoff: span().prefault('1s').describe('pause before the second try, doubled for each further one (assumption)'),
    })
    .prefault({})
    .describe('the steps of a switch'),
  information: z.enum(['forecast', 'none', 'perfect']).default('forecast').describe('what a strategy may know of the traffic to come'),
};

export const platformSpec = z.strictObject(platformFields);
export type Platform = z.output<typeof platformSpec>;
