import { z } from 'zod';
import { InputError } from '../base/errors.ts';
import { show } from '../base/quantity.ts';

/** Labels that a series must have. */
export type Labels = Readonly<Record<string, string>>;

const answer = z.object({
  status: z.string(),
  errorType: z.string().optional(),
  error: z.string().optional(),
  data: z.object({ resultType: z.string(), result: z.unknown() }).optional(),
});
const matrix = z.array(z.object({ metric: z.record(z.string(), z.string()), values: z.unknown() }));
type Series = z.output<typeof matrix>[number];
const latest = 8_999_999_999;
const samples = z.array(
  z.tuple(
    [
      z.number({ error: ({ input }) => `read ${show(input)}: expected unix seconds` }).refine((at) => at >= 0 && at <= latest, {
        error: ({ input }) =>
          `read ${show(input)}: expected unix seconds, as Prometheus answers them${Number(input) > latest ? '; these look like milliseconds' : ''}`,
      }),
      z.string({ error: ({ input }) => `read ${show(input)}: expected a number in quotes, as Prometheus answers it` }),
    ],
    { error: ({ input }) => `read ${show(input)}: expected [unix seconds, "value"]` },
  ),
  { error: ({ input }) => `read ${show(input)}: expected a list of [unix seconds, "value"]` },
);

/** One sample: its place in the file, unix µs (Prometheus counts in ms), and its value as text. */
export interface Sample {
  readonly where: string;
  readonly at: number;
  readonly value: string;
}

/**
 * Samples of the one series that `labels` choose from the text of an answer to `query_range` (https://prometheus.io/docs/prometheus/latest/querying/api/);
 * what is wrong with it as a whole is thrown as an {@link InputError}, named after `file`.
 */
export function prometheusSamples(file: string, text: string, labels: Labels): readonly Sample[] {
  const fail = (what: string): never => {
    throw new InputError(`${file} ${what}`);
  };
  const decoded = <T>(schema: z.ZodType<T>, value: unknown, root: string): T => {
    const { data, error } = schema.safeParse(value);
    const issue = error?.issues[0];
    return issue ? fail(`${[root, ...issue.path.map(String)].join('.')}: ${issue.message}`) : (data as T);
  };
  const read = answer.safeParse(parsed(text, fail)).data;
  if (read === undefined)
    return fail('is no answer of Prometheus: expected { "status": "success", "data": { "resultType": "matrix", … } }');
  const { status, errorType, error, data } = read;
  if (status !== 'success') return fail(`has status ${show(status)}: ${errorType ?? ''}: ${error ?? ''}`);
  if (data?.resultType !== 'matrix') return fail(`has resultType ${show(data?.resultType)}: expected "matrix", the answer to query_range`);
  const one = chosen(decoded(matrix, data.result, 'data.result'), labels, fail);
  const name = selector(one.metric);
  return decoded(samples, one.values, `values of ${name}`).map(([at, value], i) => ({
    where: ` value ${String(i)} of ${name}`,
    at: Math.round(at * 1e3) * 1e3,
    value,
  }));
}

function parsed(text: string, fail: (what: string) => never): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const tail = text.trimEnd().slice(-20);
    const cut = /[}\]]$/.test(tail) ? '' : `; it ends in ${show(tail)}: is it cut off?`;
    return fail(text.trim() === '' ? 'is empty; expected the JSON of a query_range answer' : `is not valid JSON${cut}`);
  }
}

/** The one series with these labels. */
function chosen(all: readonly Series[], labels: Labels, fail: (what: string) => never): Series {
  const fitting = all.filter(({ metric }) => Object.entries(labels).every(([label, value]) => metric[label] === value));
  const [one] = fitting;
  const wanted = Object.keys(labels).length === 0 ? '' : ` with ${selector(labels)}`;
  if (one === undefined) return fail(`has no series${wanted}${listed(all)}`);
  if (fitting.length === 1) return one;
  return fail(`has ${String(fitting.length)} series${wanted}: choose one by its labels, series: { label: value }${listed(fitting)}`);
}

/** `{app="shop", code="200"}`, as PromQL writes it. */
const selector = (labels: Labels): string =>
  `{${Object.entries(labels)
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
    .join(', ')}}`;

const mostListed = 20;

function listed(series: readonly Series[]): string {
  if (series.length === 0) return '';
  const more = series.length > mostListed ? `, … and ${String(series.length - mostListed)} more` : '';
  return `; there ${series.length === 1 ? 'is' : 'are'} ${series
    .slice(0, mostListed)
    .map(({ metric }) => selector(metric))
    .join(', ')}${more}`;
}
