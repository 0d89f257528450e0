import { z } from 'zod';
import { percentage, positiveShare, positiveSpan, share, show } from '../base/quantity.ts';
import { roundUp } from '../base/round-up.ts';
import { didYouMean } from '../base/suggest.ts';
import type { AppName, Duration, Time } from '../base/units.ts';
import { constantLaw, type DurationLaw, durationLaw } from '../random/duration-law.ts';

/** Faults of single nodes. */
const nodeFaultKinds = ['node-loss', 'slow-node', 'slow-swap', 'agent-down'] as const;
export type NodeFaultKind = (typeof nodeFaultKinds)[number];

/** Something that breaks nodes: once at a moment, or each of them again and again at random. */
export interface NodeFault {
  readonly kind: NodeFaultKind;
  /** When it begins on all of its nodes; or, drawn for each node apart, the mean time from its repair (and from time zero) to the next one. */
  readonly begins: { readonly at: Time } | { readonly mtbf: Duration };
  readonly for: DurationLaw;
  /** Indexes of the nodes, rising. */
  readonly nodes: readonly number[];
  /** 1/1000 of the normal speed; 1000 for kinds that slow nothing down. */
  readonly speed: number;
}

/** A while in which a share of the ratio pushes does not reach its sidecar, and nobody is told. */
export interface PushLoss {
  readonly kind: 'push-loss';
  readonly begins: { readonly at: Time };
  readonly for: DurationLaw;
  readonly share: number;
  /** Undefined: of all apps. */
  readonly apps: readonly AppName[] | undefined;
}

/** A while in which the scheduler begins with no unit; or in which the API server takes no write, neither slots of the time-sharing controller nor bindings of the scheduler. */
export interface Stall {
  readonly kind: 'scheduler-stall' | 'api-stall';
  readonly begins: { readonly at: Time };
  readonly for: DurationLaw;
}

/** A while in which the registry has less bandwidth; `speed` in 1/1000 of it. */
export interface SlowRegistry {
  readonly kind: 'slow-registry';
  readonly begins: { readonly at: Time };
  readonly for: DurationLaw;
  readonly speed: number;
}

export type Fault = NodeFault | PushLoss | Stall | SlowRegistry;

export const isNodeFault = (fault: Fault): fault is NodeFault => (nodeFaultKinds as readonly string[]).includes(fault.kind);

/** A node, as a fault may choose it. */
export interface NodePlace {
  readonly name: string;
  readonly zone: string;
}

/** What the schema of faults asks of the scenario. */
export interface FaultKit {
  time(): z.ZodType<Time>;
  app(): z.ZodType<AppName>;
  /** Length of the scenario; undefined where it could not be read. */
  readonly horizon: Duration | undefined;
  /** The nodes by index; undefined where they could not be read: then nothing is said of them. */
  nodes(): readonly NodePlace[] | undefined;
}

/** Most failures that random faults may be expected to bring in one scenario: 1e-5 an hour on 100,000 nodes is 1 an hour. */
const mostExpected = 100_000;

const speed = (what: string) =>
  percentage()
    .refine((value) => value >= 0.001 && value < 1 && Number.isInteger(Number((value * 1000).toPrecision(12))), {
      error: 'must be from 0.1% to 99.9%, in steps of 0.1%',
    })
    .describe(`what is left of the ${what} (assumption)`);

/** Schema of `faults`: a list of mappings with exactly one key, the kind of fault. */
export function faultsSchema(kit: FaultKit): z.ZodType<readonly Fault[]> {
  const where = {
    at: kit.time().optional().describe('when it begins, on all of the nodes; or give mtbf'),
    mtbf: positiveSpan()
      .optional()
      .describe('mean time between failures of one node (exponential), drawn for each from time zero on: 100000h is 1e-5 per node-hour'),
    for: durationLaw().describe('until it is repaired: a constant, or median and a quantile of a log-normal, drawn for each node'),
    nodes: z
      .union([
        z.array(z.string(), { error: ({ input }) => `read ${show(input)}: expected a list of names, or a share such as 5%` }).min(1),
        share(),
      ])
      .optional()
      .describe(
        'names of nodes, <zone>-<number> from 0 in each zone and <zone>-<pool>-<number> in further pools; or a share of them, evenly spaced; with mtbf all of them if left out',
      ),
    zone: z.string().optional().describe('only nodes of this zone'),
  };
  const nodeFault = <Shape extends z.ZodRawShape>(kind: NodeFaultKind, more: Shape) =>
    z.strictObject({ ...where, ...more }).transform((raw, context): Fault => {
      const given = raw as z.output<z.ZodObject<typeof where>> & { readonly speed?: number };
      const { at, mtbf } = given;
      const complain = (message: string, ...path: PropertyKey[]): void => {
        context.addIssue({ code: 'custom', message, path });
      };
      if ((at === undefined) === (mtbf === undefined)) complain('give either at or mtbf');
      if (at !== undefined && mtbf === undefined && given.nodes === undefined && given.zone === undefined)
        complain('say which: nodes: [names], nodes: 5%, zone: name, or nodes: 100% for all of them');
      const nodes = chosen(given, kit.nodes(), complain);
      const expected = mtbf === undefined || kit.horizon === undefined ? 0 : (nodes.length * kit.horizon) / mtbf;
      if (expected > mostExpected)
        complain(
          `too short: ${String(nodes.length)} nodes would fail some ${String(Math.round(expected))} times; at most ${String(mostExpected)} are simulated`,
          'mtbf',
        );
      const begins = at === undefined ? { mtbf: mtbf as Duration } : { at };
      return { kind, begins, for: given.for, nodes, speed: Math.round((given.speed ?? 1) * 1000) };
    });
  const stall = (kind: Stall['kind']) =>
    z
      .strictObject({ at: kit.time(), for: positiveSpan() })
      .transform(({ at, for: length }): Fault => ({ kind, begins: { at }, for: constantLaw(length) }));
  const blocks = {
    'node-loss': nodeFault('node-loss', {}),
    'slow-node': nodeFault('slow-node', { speed: speed('capacity of its pods') }),
    'slow-swap': nodeFault('slow-swap', { speed: speed('bandwidth of its swap device') }),
    'agent-down': nodeFault('agent-down', {}),
    'push-loss': z
      .strictObject({
        at: kit.time(),
        for: positiveSpan(),
        share: positiveShare().describe('share of the pushes that are lost'),
        apps: z.array(kit.app()).min(1).optional().describe('apps whose pushes are lost; all of them if left out'),
      })
      .transform(({ at, for: length, share: lost, apps }): Fault => ({
        kind: 'push-loss',
        begins: { at },
        for: constantLaw(length),
        share: lost,
        apps,
      })),
    'scheduler-stall': stall('scheduler-stall'),
    'api-stall': stall('api-stall'),
    'slow-registry': z
      .strictObject({ at: kit.time(), for: positiveSpan(), speed: speed('bandwidth of the registry') })
      .transform(({ at, for: length, speed: left }): Fault => ({
        kind: 'slow-registry',
        begins: { at },
        for: constantLaw(length),
        speed: Math.round(left * 1000),
      })),
  };
  const kinds = Object.keys(blocks) as (keyof typeof blocks)[];
  return z.array(
    z
      .strictObject(blocks)
      .partial()
      .meta({ description: `one of ${kinds.join(', ')}`, minProperties: 1, maxProperties: 1 })
      .transform((raw, context): Fault => {
        const given = kinds.filter((kind) => raw[kind] !== undefined);
        const fault = given[0] === undefined ? undefined : raw[given[0]];
        if (fault !== undefined && given.length === 1) return fault;
        if (context.issues.length === 0)
          context.addIssue({
            code: 'custom',
            message: given.length === 0 ? `expected one of ${kinds.join(', ')}` : `found ${given.join(' and ')}: one entry is one fault`,
          });
        return z.NEVER;
      }),
  );
}

/** Indexes of the nodes that are meant. */
function chosen(
  { nodes: wanted, zone }: { readonly nodes?: readonly string[] | number | undefined; readonly zone?: string | undefined },
  all: readonly NodePlace[] | undefined,
  complain: (message: string, ...path: PropertyKey[]) => void,
): readonly number[] {
  if (all === undefined) return [];
  const zones = [...new Set(all.map((node) => node.zone))];
  if (zone !== undefined && !zones.includes(zone)) complain(unknown('zone', zone, zones), 'zone');
  if (Array.isArray(wanted)) {
    if (zone !== undefined) complain('nodes that are named need no zone', 'zone');
    const indexes = new Map(all.map(({ name }, index) => [name, index]));
    const found = (wanted as readonly string[]).map((name, position) => {
      const index = indexes.get(name);
      if (index === undefined) complain(unknown('node', name, [...indexes.keys()]), 'nodes', position);
      return index ?? 0;
    });
    return [...new Set(found)].sort((a, b) => a - b);
  }
  const within = all.flatMap((node, index) => (zone === undefined || node.zone === zone ? [index] : []));
  const part = (wanted as number | undefined) ?? 1;
  if (part === 0) complain('must be greater than 0%', 'nodes');
  const count = roundUp(part * within.length);
  return within.filter((_, i) => Math.floor(((i + 1) * count) / within.length) > Math.floor((i * count) / within.length));
}

/** `there is no node "hz-a-99"; known: hz-a-0, hz-b-0, … (128)`. */
function unknown(what: string, name: string, known: readonly string[]): string {
  const few = known.length > 8 ? `${known.slice(0, 6).join(', ')}, … (${String(known.length)} in all)` : known.join(', ');
  const near = didYouMean(name, known);
  return `there is no ${what} ${show(name)}; known: ${few}${near === undefined ? '' : `; did you mean "${near}"?`}`;
}
