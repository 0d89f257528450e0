import { PluginError } from '../base/errors.ts';
import { show } from '../base/quantity.ts';
import { didYouMean } from '../base/suggest.ts';
import { inSeconds, type Time, time } from '../base/units.ts';
import { type Calendar, clockLabel } from '../base/wall-clock.ts';
import { mostOrdered } from '../operations/orders.ts';
import type { Streams } from '../random/streams.ts';
import type { StrategyUse } from '../scenario/scenario.ts';
import type { Action, Strategy, StrategyEntry, View } from '../strategies/strategy.ts';

/** Who is asked, for messages. */
export interface Asked {
  readonly label: string;
  readonly seed: number;
  readonly calendar: Calendar;
}

const who = ({ label, seed, calendar }: Asked, now: Time): string =>
  `strategy ${label} at ${clockLabel(now, calendar)} (${String(inSeconds(now))} s, seed ${String(seed)})`;

/** Asks a strategy and checks what it answers: a {@link PluginError} names the strategy, the simulated time and what is wrong. */
export function ask(asked: Asked, view: View, call: () => unknown): readonly Action[] {
  const fail = (what: string): never => {
    throw new PluginError(`${who(asked, view.now)}: ${what}`);
  };
  let answer: unknown;
  try {
    answer = frozenCopy(call());
  } catch (error) {
    if (error instanceof PluginError) return fail(error.message);
    const readOnly = error instanceof TypeError && /read only|not extensible|Cannot (add|delete|assign)/.test(error.message);
    return fail(`${readOnly ? 'changed its view, which is frozen' : 'threw'}: ${thrown(error)}`);
  }
  if (!Array.isArray(answer))
    return fail(`returned ${answer instanceof Promise ? 'a promise' : show(answer)} instead of a list of actions`);
  return answer.map((action: unknown, index) => {
    const problem = complaint(action, view);
    return problem === undefined ? (action as Action) : fail(`action ${String(index)} ${problem}`);
  });
}

/**
 * What was answered as plain frozen data, so that the strategy cannot change an order that it has given: lists and objects down to a rollout's batches.
 * Whatever is no plain object stays as it is, to be complained about.
 */
function frozenCopy(value: unknown, depth = 4): unknown {
  if (typeof value !== 'object' || value === null || depth === 0) return value;
  if (Array.isArray(value)) return Object.freeze(Array.from(value, (item: unknown) => frozenCopy(item, depth - 1)));
  if (value instanceof Promise) return value;
  return Object.freeze(Object.fromEntries(Object.entries(value).map(([key, field]) => [key, frozenCopy(field, depth - 1)])));
}

/** What each kind of action holds beside its kind. */
const keysOf: Readonly<Record<Action['kind'], readonly string[]>> = {
  scale: ['app', 'pods', 'standby'],
  reserve: ['group', 'slots', 'holder'],
  switch: ['group', 'from', 'to', 'slots', 'rollout'],
  pause: ['operation'],
  resume: ['operation'],
  'roll-back': ['operation'],
  wake: ['at'],
};
const rolloutKeys = ['batches', 'by', 'order', 'pause', 'observe', 'gate'];
const gateKeys = ['success', 'responseP99', 'failedSlots', 'otherwise', 'judges'];

function unknownKey(where: string, key: string, known: readonly string[]): string {
  const near = didYouMean(key, known);
  return `${where} has an unknown key ${show(key)}; known: ${known.join(', ')}${near ? ` (did you mean "${near}"?)` : ''}`;
}

const kinds = ['scale', 'reserve', 'switch', 'pause', 'resume', 'roll-back', 'wake'] as const satisfies readonly Action['kind'][];

type Fields = Readonly<Record<string, unknown>>;

/** What is wrong with an action; undefined if nothing is. */
function complaint(action: unknown, view: View): string | undefined {
  if (typeof action !== 'object' || action === null) return `is ${show(action)}, not an action`;
  const fields = action as Fields;
  const kind = fields['kind'];
  const known = typeof kind === 'string' && Object.hasOwn(keysOf, kind) ? ['kind', ...keysOf[kind as Action['kind']]] : undefined;
  const stranger = known && Object.keys(fields).find((key) => !known.includes(key));
  if (stranger !== undefined) return unknownKey(`(${String(kind)})`, stranger, known ?? []);
  const app = (field: string) => unknownName(fields, field, 'app', view.apps);
  const whole = (field: string, least: number) =>
    Number.isInteger(fields[field]) && (fields[field] as number) >= least && (fields[field] as number) <= mostOrdered
      ? undefined
      : `(${String(kind)}) has ${field} ${show(fields[field])}: expected a whole number from ${String(least)} to ${String(mostOrdered)}`;
  switch (kind) {
    case 'scale':
      return app('app') ?? whole('pods', 0) ?? (fields['standby'] === undefined ? undefined : whole('standby', 0));
    case 'reserve':
      return group(fields, view) ?? whole('slots', 0) ?? app('holder') ?? member(fields, 'holder', view);
    case 'switch':
      return (
        group(fields, view) ??
        app('from') ??
        app('to') ??
        member(fields, 'from', view) ??
        member(fields, 'to', view) ??
        whole('slots', 1) ??
        rollout(fields['rollout'])
      );
    case 'pause':
    case 'resume':
    case 'roll-back':
      return whole('operation', 0);
    case 'wake': {
      const at = fields['at'];
      const early = view.because === 'start' ? (t: number) => t < view.now : (t: number) => t <= view.now;
      return !Number.isSafeInteger(at) || early(at as number)
        ? `(wake) has at ${show(at)}: expected whole µs later than now (${String(view.now)})`
        : undefined;
    }
    default:
      return `has kind ${show(kind)}; known kinds: ${kinds.join(', ')}`;
  }
}

function unknownName(fields: Fields, field: string, what: string, known: readonly { readonly name: string }[]): string | undefined {
  const name = fields[field];
  const names = known.map((item) => item.name);
  if (typeof name === 'string' && names.includes(name)) return undefined;
  const near = typeof name === 'string' ? didYouMean(name, names) : undefined;
  return `(${String(fields['kind'])}) has ${field} ${show(name)}: there is no such ${what}; known: ${names.join(', ')}${near ? ` (did you mean "${near}"?)` : ''}`;
}

const group = (fields: Fields, view: View) => unknownName(fields, 'group', 'group', view.groups);

function member(fields: Fields, field: string, view: View): string | undefined {
  const { members } = view.group(fields['group'] as Parameters<View['group']>[0]);
  return (members as readonly unknown[]).includes(fields[field])
    ? undefined
    : `(${String(fields['kind'])}) has ${field} ${show(fields[field])}, which is not in group ${String(fields['group'])}; its apps: ${members.join(', ')}`;
}

function rollout(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return `(switch) has rollout ${show(value)}: expected one from kit.rollout()`;
  const stranger = Object.keys(value).find((key) => !rolloutKeys.includes(key));
  if (stranger !== undefined) return unknownKey('(switch) rollout', stranger, rolloutKeys);
  const { batches, by, order, pause, observe, gate } = value as Fields;
  const rising =
    Array.isArray(batches) &&
    batches.length > 0 &&
    batches.at(-1) === 1 &&
    batches.every((share: unknown, i) => typeof share === 'number' && share > ((batches[i - 1] as number | undefined) ?? 0));
  if (!rising)
    return `(switch) has rollout.batches ${Array.isArray(batches) ? JSON.stringify(batches) : show(batches)}: expected rising shares, the last one 1`;
  if (by !== 'spread' && by !== 'node') return `(switch) has rollout.by ${show(by)}: expected spread or node`;
  if (order !== 'break-before-make' && order !== 'make-before-break')
    return `(switch) has rollout.order ${show(order)}: expected break-before-make or make-before-break`;
  for (const [name, span] of [
    ['pause', pause],
    ['observe', observe],
  ] as const)
    if (!Number.isSafeInteger(span) || (span as number) < 0 || (span as number) > longest)
      return `(switch) has rollout.${name} ${show(span)}: expected whole µs, at most 30 years`;
  if (gate === undefined) return undefined;
  const fields = (gate ?? {}) as Fields;
  const strangerInGate = Object.keys(fields).find((key) => !gateKeys.includes(key));
  if (strangerInGate !== undefined) return unknownKey('(switch) rollout.gate', strangerInGate, gateKeys);
  const { success, responseP99, failedSlots, otherwise, judges } = fields;
  const isShare = (share: unknown): boolean => typeof share === 'number' && share >= 0 && share <= 1;
  const sound =
    isShare(success) &&
    isShare(failedSlots) &&
    Number.isFinite(responseP99) &&
    (responseP99 as number) > 0 &&
    (otherwise === 'pause' || otherwise === 'roll-back') &&
    (judges === undefined || judges === 'both' || judges === 'giver');
  return sound
    ? undefined
    : '(switch) has a rollout.gate that is none: expected success and failedSlots from 0 to 1, responseP99 in µs, otherwise pause or roll-back, judges (if given) both or giver';
}

/** As for durations that are written. */
const longest = 1e15;

/** Stops a strategy that is asked without end: because each of its orders ends at once and it answers with the next, or because it asks to be woken again and again. */
export class DecisionRate {
  readonly #asked: Asked;
  #at = -1;
  #atOnce = 0;
  #second = -1;
  #inSecond = 0;

  constructor(asked: Asked) {
    this.#asked = asked;
  }

  /** One call more. */
  count(now: Time): void {
    if (this.#at !== now) [this.#at, this.#atOnce] = [now, 0];
    const second = Math.floor(now / 1e6);
    if (this.#second !== second) [this.#second, this.#inSecond] = [second, 0];
    if (++this.#atOnce > decisionsAtOnceMax)
      throw new PluginError(
        `${who(this.#asked, now)}: was asked ${String(decisionsAtOnceMax)} times within one instant; its orders end at once and each brings the next`,
      );
    if (++this.#inSecond > decisionsInSecondMax)
      throw new PluginError(
        `${who(this.#asked, now)}: was asked ${String(decisionsInSecondMax)} times within one second; it asks to be woken too often`,
      );
  }
}

const decisionsAtOnceMax = 1000;
const decisionsInSecondMax = 10_000;

/** A strategy fresh from its factory, checked to be one. A {@link PluginError} says what its author has to mend. */
export function created(
  entry: StrategyEntry,
  { label, options }: Pick<StrategyUse, 'label' | 'options'>,
  streams: Streams,
  asked: Asked,
): Strategy {
  const fail = (what: string): never => {
    throw new PluginError(`${who(asked, time(0))}: ${what}`);
  };
  let strategy: unknown;
  try {
    strategy = entry.create(options, streams.stream(`strategy/${label}`));
  } catch (error) {
    return fail(`its create threw: ${thrown(error)}`);
  }
  const { open, decide, plan, period } = (typeof strategy === 'object' && strategy !== null ? strategy : {}) as Partial<
    Record<keyof Strategy, unknown>
  >;
  if (typeof open !== 'function' || typeof decide !== 'function' || (plan !== undefined && typeof plan !== 'function'))
    return fail(
      `its create returned ${strategy instanceof Promise ? 'a promise' : show(strategy)} instead of { open(view), decide(view) }, with period and plan(view) if it has them`,
    );
  if (period !== undefined && !(Number.isSafeInteger(period) && (period as number) >= periodMin))
    return fail(`its period is ${show(period)}: expected whole µs, at least ${String(periodMin)} (0.1 s); kit.duration() reads durations`);
  return strategy as Strategy;
}

const periodMin = 100_000;

/** What a plug-in threw, and where: `TypeError: no luck (mine.ts:31:15)`. */
export const thrown = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message.replace(/\s*[\n\r]+\s*/g, ' / ')}${placeOf(error)}` : show(error);

/** Where an error was thrown, as ` (mine.ts:31:15)`; nothing where that is not known. */
function placeOf({ stack = '' }: Error): string {
  const [, file, place] = /^\s+at .*?([^/\\()\s]+\.[cm]?[jt]s)(:\d+:\d+)\)?$/m.exec(stack) ?? [];
  return file === undefined || place === undefined ? '' : ` (${file}${place})`;
}
