import { z } from 'zod';
import { count, percentage, plainNumber, positiveShare, positiveSpan, show } from '../base/quantity.ts';
import { type Calendar, parseDateTime } from '../base/wall-clock.ts';
import { appFields, networkSpec, nodeSpec, slotSpec, zoneSpec } from '../cluster/specs.ts';
import { retrySchema } from '../serving/retries.ts';
import type { Kit } from '../strategies/strategy.ts';
import { forecastSchema } from '../traffic/forecast.ts';
import { noiseSchema } from '../traffic/noise.ts';
import { type TrafficKit, trafficSchema } from '../traffic/schema.ts';
import { surpriseSchema } from '../traffic/surprise.ts';
import { copiesSchema } from './copies.ts';
import { nameSchema } from './names.ts';

/** Keys at the top of a scenario, in the order in which one writes them. */
export const topKeys = [
  'name',
  'start',
  'horizon',
  'seed',
  'replications',
  'fidelity',
  'sample',
  'load',
  'cluster',
  'platform',
  'defaults',
  'apps',
  'groups',
  'faults',
  'strategies',
  'results',
  'prices',
  'limits',
  'extends',
  '$schema',
] as const;

const startForm = 'a date and time with its offset from UTC such as 2026-11-10T20:00:00+08:00';

/** The start of a scenario: the wall-clock moment of time zero. */
const startSchema = z
  .string({ error: (issue) => `read ${show(issue.input)}: expected ${startForm}` })
  .meta({ description: 'wall-clock moment of time zero, with its offset from UTC', examples: ['2026-11-10T20:00:00+08:00'] })
  .transform((text, context): Omit<Calendar, 'horizon'> & { readonly text: string } => {
    const moment = parseDateTime(text);
    if (moment?.offsetMinutes !== undefined) return { startUnixMs: moment.unixMs(0), offsetMinutes: moment.offsetMinutes, text };
    const reason = moment === undefined ? `expected ${startForm}` : `add the offset from UTC: ${text}+08:00 or ${text}Z`;
    context.addIssue({ code: 'custom', message: `read ${show(text)}: ${reason}`, input: text });
    return z.NEVER;
  });

/** The fields at the top that stand for themselves. */
export const topFields = {
  name: nameSchema().describe('names the scenario and the folder of its results'),
  start: startSchema,
  horizon: positiveSpan().describe('how long is simulated'),
  seed: count(0).default(1).describe('seed of the first replication; the next ones take the next whole numbers (any number will do)'),
  replications: count(1, 10_000)
    .default(5)
    .describe('runs of each strategy, each with its own seed (a choice of fenshi: few, but enough for an interval)'),
  fidelity: z
    .enum(['fluid', 'request'])
    .default('fluid')
    .describe(
      'fluid: requests flow, with exact integrals; request: each request is an event, for small scenarios and for what the fluid leaves out (a choice of fenshi: a day in seconds)',
    ),
  sample: positiveShare()
    .prefault('100%')
    .describe('with fidelity request: part of the pods, each with its traffic and all its cores, whose requests are simulated (all)'),
  load: percentage()
    .refine((value) => value > 0, { error: 'must be greater than 0%' })
    .prefault('100%')
    .describe('all traffic, and what is forecast of it, times this (as it is written)'),
};

export const clusterSchema = z.strictObject({
  nodes: count(1, 100_000).describe(
    'nodes of the main pool, spread evenly over the zones, as those of each pool; they are named <zone>-<number> from 0, east-0, those of further pools <zone>-<pool>-<number>',
  ),
  node: nodeSpec,
  pools: z
    .record(nameSchema(), z.strictObject({ nodes: count(1, 100_000), node: nodeSpec }))
    .default({})
    .describe('further nodes by the name of their pool; `node` says only what differs (none)'),
  zones: z
    .record(nameSchema(), zoneSpec)
    .refine((zones) => Object.keys(zones).length > 0, { error: 'expected at least one zone' })
    .prefault({ 'zone-1': {} })
    .describe('zones by name'),
  network: networkSpec.prefault({}).describe('what a request takes longer that leaves its zone for one further away'),
});

/** An app whose defaults have been laid under it. */
export const appSchema = (kit: TrafficKit) => {
  const traffic = trafficSchema(kit);
  return z.strictObject({
    copies: copiesSchema.optional().describe('a fleet of identical apps as one entry; written out before anything else is read'),
    ...appFields,
    overflow: z
      .boolean()
      .default(false)
      .describe(
        'whether what the limiters of a zone refuse goes, once, to zones with room; not for apps whose users belong to a zone (off)',
      ),
    retry: retrySchema.describe('how clients try again'),
    traffic: traffic.describe('rate of requests over time, without noise'),
    noise: noiseSchema.describe('random factor on the rate (off)'),
    surprise: surpriseSchema(traffic).describe('how what comes differs from the traffic above, which is all that a forecast knows (off)'),
    forecast: forecastSchema.describe('how what is known beforehand differs from the traffic above (off)'),
  });
};

/** A group; the smallest slot that works is its default, known only with the apps. */
export const groupSchema = (kit: Kit) =>
  z.strictObject({
    apps: z
      .array(kit.app())
      .superRefine((apps, context) => {
        if (apps.length < 2)
          context.addIssue({
            code: 'custom',
            message: `has ${apps.length === 0 ? 'no app' : 'one app'}: sharing slots takes at least two`,
            input: apps,
          });
        apps.forEach((app, index) => {
          if (apps.indexOf(app) < index)
            context.addIssue({ code: 'custom', path: [index], message: `${app} is in this group already`, input: app });
        });
      })
      .describe('apps that may share a slot'),
    slot: slotSpec.optional().describe('size of a slot; by default the largest running pod beside the others kept alive'),
  });

export const resultsSchema = z.strictObject({
  interval: positiveSpan()
    .refine((value) => value >= 1_000_000, { error: 'must be at least 1s' })
    .prefault('1m')
    .describe('length of a row of the time series (a choice of fenshi)'),
  detail: z
    .enum(['none', 'first', 'all'])
    .default('first')
    .describe('which replications write detail files (a choice of fenshi: one is enough to look at)'),
  rows: count(1)
    .default(1_000_000)
    .describe(
      'most rows of a detail file of one run; those beyond are counted and left out (a choice of fenshi: a spreadsheet opens 1,048,576)',
    ),
});

const price = (value: number) => plainNumber(0, 1e9).default(value);

/** The default prices are an assumption: one core hour is the unit. */
export const pricesSchema = z.strictObject({
  basis: z
    .enum(['owned', 'held'])
    .default('owned')
    .describe(
      'owned: the largest reservation is paid for the whole horizon; held: what is reserved is paid while it is (assumption: machines are owned)',
    ),
  coreHour: price(1).describe('per core hour (assumption: the unit of all prices)'),
  unservedPer1000: price(1).describe('per 1,000 requests never served (assumption)'),
  slotSwitch: price(0.01).describe('per slot switched (assumption)'),
  podCreated: price(0.05).describe('per pod created (assumption)'),
});

export const limitsSchema = z.strictObject({
  eventsAtOnce: count(1000)
    .default(1_000_000)
    .describe('most events at one instant; more is taken for a loop (assumption: no honest instant has as many)'),
  requests: count(1000)
    .default(500_000_000)
    .describe('most attempts that a run simulates one by one, retries among them (a choice of fenshi: about ten minutes)'),
});
