import { z } from 'zod';
import { count, positiveShare, positiveSpan, share, show, span } from '../base/quantity.ts';
import { didYouMean } from '../base/suggest.ts';
import { type AppName, appName, type Duration, type GroupName, groupName, inSeconds, type Time } from '../base/units.ts';
import { type Calendar, clockTime } from '../base/wall-clock.ts';
import { mostOrdered, type Rollout } from '../operations/orders.ts';
import type { Kit } from '../strategies/strategy.ts';

/** What the first pass found out about a scenario. An undefined part is one that could not be read: what depends on it is not checked. */
export interface Known {
  readonly calendar: Calendar | undefined;
  readonly apps: readonly string[] | undefined;
  readonly groups: readonly string[] | undefined;
  /** Apps by group, of the groups that could be read. */
  readonly members?: ReadonlyMap<string, readonly AppName[]>;
}

/** The kit of a scenario: schemas that know its apps, groups, start and horizon. */
export function createKit(known: Known): Kit {
  return {
    z,
    app: () => reference('app', known.apps).transform((name): AppName => appName(name)),
    group: () => reference('group', known.groups).transform((name): GroupName => groupName(name)),
    members: (group) => known.members?.get(group),
    time: () => clock(known.calendar, 'inside'),
    duration: () => span(),
    share: () => positiveShare(),
    count: (least, most = mostOrdered) => count(least, most),
    rollout: () => rollout,
  };
}

/** The kit without a scenario, for the JSON Schema and for documentation: every name and every time is right. */
export const anyKit: Kit = createKit({ calendar: undefined, apps: undefined, groups: undefined });

/** The name of something that the scenario must have. */
function reference(what: string, names: readonly string[] | undefined) {
  return z
    .string({ error: (issue) => `read ${show(issue.input)}: expected the name of ${what === 'app' ? 'an app' : `a ${what}`}` })
    .superRefine((name, context) => {
      if (names === undefined || names.includes(name)) return;
      const message =
        names.length === 0
          ? `there is no ${what} ${show(name)}: the scenario has none`
          : `there is no ${what} ${show(name)}; known: ${names.join(', ')}`;
      context.addIssue({ code: 'custom', message, params: { suggestion: didYouMean(name, names) }, input: name });
    });
}

/**
 * A clock time. `inside`: from the start to the horizon, both included. `anywhere`: also before and after (traffic is a fact of the world, whenever one looks).
 * Without a calendar any text is a time.
 */
export function clock(calendar: Calendar | undefined, where: 'inside' | 'anywhere'): z.ZodType<Time> {
  const examples = ['23:55:30', '+1d 06:30'];
  return z
    .string({ error: (issue) => `read ${show(issue.input)}: expected a clock time such as 23:55:30 or "+1d 06:30"` })
    .meta({ description: `a clock time: the first one after the start, ${examples.join(', ')}, or a full date and time`, examples })
    .transform((text, context): Time => {
      const time = calendar === undefined ? (0 as Time) : clockTime(text, calendar);
      const problem = typeof time === 'string' ? time : where === 'inside' && calendar !== undefined ? outside(time, calendar) : undefined;
      if (problem === undefined) return time as Time;
      context.addIssue({ code: 'custom', message: `read ${show(text)}: ${problem}`, input: text });
      return z.NEVER;
    });
}

function outside(time: Time, { horizon }: Calendar): string | undefined {
  if (time < 0) return `is ${spanText(-time as Duration)} before the start`;
  return time > horizon
    ? `is ${spanText(time as number as Duration)} after the start, beyond the horizon of ${spanText(horizon)}`
    : undefined;
}

/** A duration as people say it: `16h`, `1h30m`, `250ms`. */
export function spanText(value: Duration): string {
  const seconds = inSeconds(value);
  if (value < 1000) return `${String(value)}us`;
  if (seconds < 1) return `${String(value / 1000)}ms`;
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [(value % 60e6) / 1e6, 's'],
  ];
  return parts.map(([size, unit]) => (size === 0 ? '' : String(size) + unit)).join('');
}

const gate = z.strictObject({
  success: share().prefault('99%').describe('least share of attempts served (assumption)'),
  p99: positiveSpan().prefault('1s').describe('largest response time p99 (assumption)'),
  failedSlots: share()
    .prefault('2%')
    .describe("largest share of the batch's slots that may have failed: of a small batch it may allow none (assumption)"),
  otherwise: z
    .enum(['pause', 'roll-back'])
    .default('roll-back')
    .describe(
      'what happens where one of them does not hold: stop, or take back the batch that was judged, not the earlier ones (assumption)',
    ),
  judges: z
    .enum(['both', 'giver'])
    .default('both')
    .describe(
      'whose success and response count: of giver and taker; or of the giver alone, since a taker that is short needs its slots (assumption)',
    ),
});

/** A rollout; all of it may be left out. Without `gate` there is none. */
const rollout: z.ZodType<Rollout> = z
  .strictObject({
    batches: z
      .array(positiveShare())
      .prefault(['1%', '10%', '40%', '100%'])
      .superRefine((batches, context) => {
        batches.forEach((batch, index) => {
          const before = batches[index - 1];
          if (before !== undefined && batch <= before)
            context.addIssue({
              code: 'custom',
              path: [index],
              message: `batches are cumulative shares and rise: this one must be more than ${percent(before)}`,
              input: batch,
            });
        });
        const last = batches.at(-1);
        if (last !== 1)
          context.addIssue({
            code: 'custom',
            path: last === undefined ? [] : [batches.length - 1],
            message: `the last batch must be 100%${last === undefined ? '' : `, not ${percent(last)}`}`,
            input: last,
          });
      })
      .describe('cumulative shares of the slots, rising, the last one 100% (assumption; batches are published, their sizes are not)'),
    observe: span()
      .prefault('30s')
      .describe("from the last status of a batch to the gate's verdict (assumption; Kapacity's example: 60 s)"),
    pause: span().prefault('0s').describe("from the gate's verdict to the next batch (assumption; Kapacity's example: 30 s)"),
    by: z
      .enum(['spread', 'node'])
      .default('spread')
      .describe('spread: slots in turn over zones, then nodes; node: node by node (assumption)'),
    order: z
      .enum(['break-before-make', 'make-before-break'])
      .default('break-before-make')
      .describe('whether the giver leaves before the taker comes (assumption: the other way needs room for both)'),
    gate: z
      .union([z.literal('none'), gate])
      .default('none')
      .describe('what must hold after the observation (off)'),
  })
  .prefault({})
  .transform(({ gate: given, ...rest }): Rollout => ({
    ...rest,
    gate:
      given === 'none'
        ? undefined
        : {
            success: given.success,
            responseP99: given.p99,
            failedSlots: given.failedSlots,
            otherwise: given.otherwise,
            judges: given.judges,
          },
  }));

const percent = (ratio: number): string => `${String(Number((ratio * 100).toPrecision(12)))}%`;
