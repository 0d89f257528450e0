import { clockLabel } from '../base/wall-clock.ts';
import { type Checked, isMissedInTheMean } from '../experiments/objectives.ts';
import type { Plan, Probe, StrategyPlan } from '../experiments/plan.ts';
import { frontier, meanOf } from '../experiments/write-plan.ts';
import { fixed, none } from './numbers.ts';
import { alignedTable, printable, wrapped } from './table.ts';

const width = 100;
/** More values than these are told by the first and the last. */
const mostNamed = 6;

/** The answer in sentences, what each strategy costs and how it serves there, and every value that was tried. Ends with a line feed. */
export function planText(plan: Plan): string {
  const blocks = [
    [
      ...wrapped(question(plan), width),
      ...plan.strategies.flatMap((each) => wrapped(answerOf(plan, each), width)),
      ...[...plan.broken.keys()].map((label) => `${printable(label)}: breaks off, and was given up.`),
    ],
    [...wrapped(legend(plan), width), ...triedTable(plan)],
  ]; // prettier-ignore
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function legend(plan: Plan): string {
  const probes = plan.strategies.flatMap((each) => each.probes);
  const counts = probes.map(({ replications }) => replications);
  const parts = ['Every value that was tried, the hardest first, with n replications; the objective that is missed most, or has least to spare, and the bound of its mean'];
  if (probes.some(({ checked }) => checked[0]?.outlier !== undefined)) parts.push('*: one replication lies too far out for a t bound, so that the worst one is the bound');
  if (plan.options.worlds.length > 1) parts.push('cost, unserved and p99 are those of the world as it is');
  if (frontier(plan).size > 0) parts.push(`frontier: no other value of any strategy, whether it holds or not, is as good in both cost and unserved${Math.min(...counts) < Math.max(...counts) ? `, of the ${String(Math.min(...counts))} replications that all have` : ''}`);
  return parts.join('; ');
} // prettier-ignore

function question({ knob, options, scenario }: Plan): string {
  const values = knob.largest ? knob.values.toReversed() : knob.values;
  const range = values.length <= mostNamed ? values.join(', ') : `${values[0] ?? ''} to ${values.at(-1) ?? ''}`;
  const worlds = options.worlds.map(({ name }) => name).filter((name) => name !== '');
  const [from] = options.worlds.flatMap((world) => world.from ?? []);
  const { seed, replications } = scenario;
  return `${printable(scenario.name)}: the ${knob.largest ? 'largest' : 'smallest'} ${knob.path} of ${range} with which every objective holds${worlds.length > 0 ? `, also ${worlds.map((name) => printable(name)).join(' and ')}${from === undefined ? '' : ` from ${clockLabel(from, scenario.calendar)} on, the busiest moment`},` : ''}${options.whole ? ' and all that is planned finds a node' : ''}: all together with ${fixed(100 * options.confidence, 1).replace(/\.0$/, '')} % confidence, from ${String(replications)} replications (seeds ${String(seed)}–${String(seed + replications - 1)})${options.set?.length ? `, with ${printable(options.set.join(', '))}` : ''}`; // prettier-ignore
}

function answerOf(
  plan: Plan,
  { strategy, answer, nearest, probes, exceptions, indifferent, alikeFrom, stillChanging }: StrategyPlan,
): string {
  const { knob } = plan;
  const name = printable(strategy);
  const all = indifferent ? `; the ${String(probes.length)} values that were tried make no difference` : '';
  if (answer === undefined) {
    const same = alikeFrom === undefined ? '' : `; from ${amountOf(plan, alikeFrom)} on, it is the same whatever is tried`;
    const beyond =
      alikeFrom === undefined && !indifferent
        ? `; ${stillChanging ? 'it still changes there: ask further' : 'whether more would do was not asked: do so'}, with --path ${knob.path}=${furtherValues(plan)}`
        : '';
    return `${name}: none will do; at best, with ${amountOf(plan, nearest.value)}, ${missedIn(plan, nearest)}${same}${beyond}${alikeFrom === undefined ? all : ''}.`;
  }
  if (indifferent) return `${name}: every objective holds with ${amountOf(plan, answer.value)}${all}.`;
  const harder = probes[probes.indexOf(answer) - 1];
  const saved = savedOf(plan, answer);
  const but = harder === undefined ? `the ${knob.largest ? 'largest' : 'smallest'} that was asked about` : `with ${harder.value}, ${missed(plan, harder.checked[0])}`; // prettier-ignore
  const also =
    exceptions.length === 0 ? '' : `; ${exceptions.map(({ value }) => value).join(', ')} would do as well, but not everything between`;
  return `${name} ${knob.largest ? 'bears' : 'needs'} ${amountOf(plan, answer.value)}${saved}: ${but}${also}.`;
}

/** `76 nodes`, `load = 130%`. */
function amountOf({ knob }: Plan, value: string): string {
  return knob.path === 'cluster.nodes' ? `${fixed(Number(value))} ${value === '1' ? 'node' : 'nodes'}` : `${knob.path} = ${value}`;
}

/** Values beyond the ones that were asked about. */
const furtherValues = ({ knob: { path, values } }: Plan): string =>
  path === 'cluster.nodes' ? `${values.at(-1) ?? ''}..${String(4 * Number(values.at(-1)))}` : '…';

/** How much less than the first strategy that has an answer, of nodes. */
function savedOf({ knob, strategies }: Plan, answer: Probe): string {
  const first = strategies.find((each) => each.answer !== undefined)?.answer;
  if (knob.path !== 'cluster.nodes' || first === undefined || first === answer) return '';
  const percent = 100 * (1 - Number(answer.value) / Number(first.value));
  return percent === 0 ? '' : ` (${fixed(Math.abs(percent), 1)} % ${percent > 0 ? 'less' : 'more'} than ${printable(first.strategy)})`;
}

/** What is missed most; and where room is missing as well, that. */
function missedIn(plan: Plan, { checked }: Probe): string {
  const [worst] = checked;
  const room = checked.find((each) => each.objective === 'room' && !each.holds);
  if (room === undefined) return missed(plan, worst);
  if (room !== worst) return `${missed(plan, worst)}; and ${missed(plan, room)}`;
  return `${missed(plan, room)}${checked.every(({ objective, holds }) => objective === 'room' || holds) ? '; every other objective holds, and --partial asks for no more' : ''}`;
}

/** In words what is wrong; or that it is not known well enough. */
function missed({ scenario }: Plan, worst: Probe['checked'][number] | undefined): string {
  if (worst === undefined) return 'nothing is asked for';
  const { app, objective, required, mean, bound, outlier, world } = worst;
  const where = world === '' ? '' : `${printable(world)} `;
  const sure =
    outlier === undefined
      ? 'with confidence only'
      : `but the replication with seed ${String(scenario.seed + outlier)} lies so far out that the worst one counts:`;
  const doubt = isMissedInTheMean(worst) ? '' : ` (in the mean; ${sure} ${sizeOf(objective, bound)})`;
  if (objective === 'room') return `${where}${sizeOf(objective, mean)} of the cores that it plans find a node${doubt}`;
  const what = objective === 'success' ? `serves ${sizeOf(objective, mean)} of its requests` : `answers 99 % of its requests within ${sizeOf(objective, mean)}`; // prettier-ignore
  return `${where}${printable(app)} ${what}${doubt}, and ${sizeOf(objective, required)} is asked for`;
}

const sizeOf = (objective: Checked['objective'], value: number): string =>
  objective === 'p99' ? `${fixed(value)} ms` : `${String(Number((100 * value).toFixed(value > 0.99 ? 4 : 2)))} %`;

function triedTable(plan: Plan): readonly string[] {
  const best = frontier(plan);
  const heads = [
    'strategy',
    plan.knob.path,
    'n',
    'holds',
    'objective',
    'asked',
    'mean',
    'bound',
    'cost',
    'unserved',
    'p99 ms',
    ...(best.size > 0 ? ['frontier'] : []),
  ];
  const left = new Set([0, 3, 4, 11]);
  const columns = heads.map((head, i) => ({ head, align: left.has(i) ? ('left' as const) : ('right' as const) }));
  const rows = plan.strategies.flatMap(({ probes, answer }) =>
    probes.map((probe) => {
      const [worst] = probe.checked;
      const sizes = worst === undefined ? [none, none, none] : [worst.required, worst.mean, worst.bound].map((value) => sizeOf(worst.objective, value));
      if (worst?.outlier !== undefined) sizes[2] = `${sizes[2] ?? ''}*`;
      const objective = worst === undefined ? none : `${worst.objective === 'room' ? 'room' : `${worst.app} ${worst.objective}`}${worst.world === '' ? '' : `, ${worst.world}`}`;
      return [
        printable(probe.strategy, 22),
        probe.value,
        String(probe.replications),
        probe === answer ? 'yes: answer' : probe.holds ? 'yes' : 'no',
        printable(objective, 40),
        ...sizes,
        number(meanOf(probe, 'cost')),
        number(meanOf(probe, 'unserved')),
        number(meanOf(probe, 'response_p99_ms')),
        ...(best.size > 0 ? [best.has(probe) ? 'frontier' : ''] : []),
      ];
    }),
  ); // prettier-ignore
  return alignedTable(columns, rows);
}

const number = (value: number | undefined): string => (value === undefined ? none : fixed(value));

/** How the answers move when something is otherwise; one line for each thing, `plans` beside the one of the scenario as it is. */
export function sensitivityText(plan: Plan, others: readonly { readonly name: string; readonly plan: Plan }[]): string {
  const columns = ['if there is', ...plan.strategies.map(({ strategy }) => printable(strategy, 22))].map((head, i) => ({ head, align: i === 0 ? ('left' as const) : ('right' as const) })); // prettier-ignore
  const answers = (other: Plan): readonly string[] =>
    plan.strategies.map(({ strategy }) =>
      other.broken.has(strategy) ? 'breaks off' : (other.strategies.find((each) => each.strategy === strategy)?.answer?.value ?? 'none'),
    );
  const rows = [['the scenario as it is', ...answers(plan)], ...others.map((other) => [other.name, ...answers(other.plan)])];
  return `${['How the answers move', ...alignedTable(columns, rows)].join('\n')}\n`;
}
