/** What a cell of a CSV file may hold; `undefined` is written as nothing: not applicable, never 0. */
export type Cell = string | number | boolean | undefined;
/** One row of a CSV file, keyed by column names. A key that is left out is an empty cell. */
export type Row = Readonly<Record<string, Cell>>;

/** One column of a CSV file. */
export interface Column<Name extends string = string> {
  readonly name: Name;
  /** Empty for names, states and flags. */
  readonly unit: string;
  /** What the number means and how it is computed. */
  readonly meaning: string;
}

/** One CSV file of a result folder. */
export interface CsvFile {
  readonly file: string;
  /** One row is this. */
  readonly row: string;
  readonly order: string;
  readonly columns: readonly Column[];
}

const column = <const Name extends string>(name: Name, unit: string, meaning: string): Column<Name> => ({ name, unit, meaning });

/** Every CSV file of a result folder: drives the writer, `fenshi list columns` and docs/columns.md. Times are seconds since the scenario's start; time averages are exact integrals. */
export const csvFiles = {
  summary: {
    file: 'summary.csv',
    row: 'strategy × replication × app, then `all`',
    order: 'strategies as in the scenario, replications from 0, apps as in the scenario, `all` last',
    columns: [
      column('strategy', '', 'label of the strategy in the scenario'),
      column('replication', '', 'number of the replication, from 0'),
      column('seed', '', "the replication's seed: scenario seed + replication"),
      column('app', '', 'name of the app, or `all` (sums; quantiles over all requests; maxima of the sum, not sums of maxima)'),
      column('offered', 'requests', 'first attempts'),
      column('served', 'requests', 'attempts answered'),
      column('rejected', 'requests', 'attempts refused by a limiter, and taken by no other zone'),
      column('overflowed', 'requests', 'attempts refused by the limiters of one zone and taken by another; served there'),
      column('timed_out', 'requests', 'attempts that waited longer than the time-out'),
      column('lost', 'requests', 'attempts that died with their pod'),
      column('retried', 'requests', 'attempts beyond the first; attempts = offered + retried'),
      column(
        'served_by_retry',
        'requests',
        'answered at a second or later attempt (of all attempts present at once the same part is answered); more than what retries gain, since first attempts fail for the load they bring',
      ),
      column(
        'backlog_end',
        'requests',
        'still waiting at the end (of single requests: waiting or in service); attempts = served + rejected + timed_out + lost + backlog_end',
      ),
      column(
        'retrying_end',
        'requests',
        'failed attempts whose retry was still to come at the end; offered = served + unserved + backlog_end + retrying_end',
      ),
      column('success_ratio', 'ratio', '1 − unserved ÷ offered'),
      column('goodput_ratio', 'ratio', 'served within the objective ÷ offered; of a request that came back the last attempt counts'),
      column('response_mean_ms', 'ms', 'mean response time of admitted attempts'),
      column('response_p50_ms', 'ms', 'median response time of admitted attempts, weighted by requests'),
      column('response_p95_ms', 'ms', '95 % of the attempts that are answered are answered within this'),
      column('response_p99_ms', 'ms', '99 % of the attempts that are answered are answered within this'),
      column('response_p999_ms', 'ms', '99.9 % of the attempts that are answered are answered within this'),
      column(
        'slo_violation_s',
        's',
        '10 s × windows of 10 s with attempts in which served within objective ÷ attempts < success, or p99 > objective; all: windows in which any app violates',
      ),
      column('exposure_s', 's', 'time with a deficit: measure of {t: Σ over classes of max(0, arrivals − capacity) > 0}; all: of any app'),
      column('unserved', 'requests', 'lost for good, after retries: the sum of the four causes below'),
      column('unserved_undersized', 'requests', 'unserved because too few pods were asked for'),
      column('unserved_cold_start', 'requests', 'unserved while pods asked for were pending, pulling, starting or warming'),
      column('unserved_switch', 'requests', 'unserved while tenants were between giving up traffic and the end of cold pages, or stuck'),
      column('unserved_fault', 'requests', 'unserved because pods had failed, were slow or cut off, and all that was lost'),
      column('reserved_core_mean', 'cores', 'time mean of Σ requests of pods outside slots + Σ slot sizes'),
      column('reserved_core_max', 'cores', 'largest reserved: what must be owned for the day'),
      column('limited_core_mean', 'cores', 'time mean of Σ CPU limits in force'),
      column('used_core_mean', 'cores', 'time mean of CPU used, by starting pods too where the scenario says what they use'),
      column('used_core_max', 'cores', 'largest mean CPU use of a window of 10 s'),
      column('reserved_core_h', 'core hours', '∫ reserved'),
      column('used_core_h', 'core hours', '∫ used'),
      column('keep_alive_core_h', 'core hours', '∫ CPU limits of keep-alive pods'),
      column('memory_gib_mean', 'GiB', 'time mean of memory reserved'),
      column('memory_gib_max', 'GiB', 'largest memory reserved'),
      column(
        'nodes_used_max',
        'nodes',
        'Σ over zones (and pools of nodes) of ⌈largest reserved ÷ allocatable⌉, in cores or memory, whichever is more',
      ),
      column('nodes_occupied_max', 'nodes', 'most nodes that held a pod at once: what the placement made of it'),
      column('planned_core', 'cores', "largest reservation of the strategy's own plan; only in the row `all`, empty without a plan"),
      column(
        'planned_nodes',
        'nodes',
        'nodes for it, by the same arithmetic as nodes_used_max; empty also where nodes come in several shapes',
      ),
      column(
        'cost',
        'price',
        'core hours (owned: max reserved × horizon; held: ∫ reserved) + unserved ÷ 1,000 + slots switched + pods created, each × its price',
      ),
      column('pods_created', 'pods', 'pods that the strategy had created after the opening'),
      column('pods_deleted', 'pods', 'pods deleted'),
      column('pods_failed', 'pods', 'pods that failed because their node was lost'),
      column('pods_pending_max', 'pods', 'most pods waiting for a node at once'),
      column('scheduling_p50_s', 's', "median time from a pod's creation to its node"),
      column('scheduling_p99_s', 's', '99 % of pods had a node within this'),
      column('switches', 'operations', 'switches started; per app: those it gives or takes'),
      column('switches_failed', 'operations', 'switches of which a slot failed for good or was refused'),
      column('switches_rolled_back', 'operations', 'switches rolled back, by their gate or on order'),
      column('slots_switched', 'slots', 'slots that changed hands, there and back; per app: those it got'),
      column(
        'slots_failed',
        'slots',
        'slots that failed in their switch: a step failed for good, their node was lost, or it had no room; what became of them says operations.csv; per app: of the switches it gives or takes',
      ),
      column('slots_stuck_max', 'slots', 'most slots stuck at once; per app: of its group'),
      column('switch_p50_s', 's', "median duration of a switch: first action to the last slot's status"),
      column('switch_p99_s', 's', '99 % of switches were over within this (nearest rank)'),
      column(
        'drift_s',
        's',
        'Σ over slots of the time in which they were stuck, neither in the state wanted nor on the way to it, and over pods of the time at a ratio that a lost push left behind; per app: stuck slots of its group, and its own pods',
      ),
      column('fallback_s', 's', 'time in which keep-alive pods served alone, because no running pod was there'),
      column('forecast_error_ratio', 'ratio', '∫ |forecast − offered| ÷ ∫ offered'),
      column('events', 'events', 'events executed; only in the row `all`'),
      column('fingerprint', '', '64-bit hash over all executed events; only in the row `all`'),
    ],
  },
  compare: {
    file: 'compare.csv',
    row: 'strategy × metric',
    order: 'strategies as in the scenario, metrics in one fixed order',
    columns: [
      column('strategy', '', 'label of the strategy in the scenario'),
      column('metric', '', 'a column of the row `all` of summary.csv, or a metric only a comparison can know (saving_…)'),
      column('unit', '', 'unit of mean, half_width and differences'),
      column('replications', 'runs', 'replications in which the metric applies'),
      column('mean', "the row's unit", 'mean over the replications'),
      column('half_width', "the row's unit", 'half-width of the confidence interval of the mean; empty with fewer than two replications'),
      column('level', 'ratio', 'confidence level of both half-widths'),
      column(
        'method',
        '',
        '`t`: Student t over replications; `paired-t` adds differences by replication on common random numbers; `sign-flip`: likewise, but one difference lies too far out for t (Grubbs, 1 %), so that p_value counts signs and difference_half_width is not to be relied on',
      ),
      column('baseline', '', 'label that the differences are taken to: the first static-peak, else the first label'),
      column('difference_mean', "the row's unit", 'mean of (this − baseline), replication by replication'),
      column('difference_half_width', "the row's unit", 'half-width of its confidence interval'),
      column('difference_percent', '%', '100 × difference_mean ÷ |mean of the baseline|'),
      column(
        'sign_flip_p',
        'ratio',
        'exact two-sided p that there is no difference at all: share of the 2^n signs of the differences whose sum is as far from 0',
      ),
      column('margin', "the row's unit", 'largest difference of means that counts as equivalent; empty where the metric is not judged'),
      column('p_value', 'ratio', 'least error at which the interval of the difference lies on one side of a margin, or between the two'),
      column('p_adjusted', 'ratio', 'the same for all rows with a p_value together (Holm)'),
      column(
        'verdict',
        '',
        'where p_adjusted ≤ 1 − level: better, worse (higher, lower where neither is better) or equivalent; else inconclusive, as with fewer than five replications; identical: all differences are 0',
      ),
      column(
        'replications_needed',
        'runs',
        'inconclusive: so many decide with probability 0.8, if mean and deviation are what they seem; empty above 10,000',
      ),
      column('outlier', '', 'replication whose difference lies too far out for t'),
    ],
  },
  plan: {
    file: 'plan.csv',
    row: 'strategy × value that was tried',
    order: 'strategies as in the scenario, values from the hardest to the easiest',
    columns: [
      column('strategy', '', 'label of the strategy in the scenario'),
      column('path', '', 'what was varied: a path of the scenario'),
      column('value', '', 'the value, as --set takes it'),
      column('replications', 'runs', 'replications it was tried with: half of them in the search, all at the end'),
      column('holds', '', 'whether every objective holds with the confidence, all together, in every world asked for'),
      column('answer', '', 'whether it is the answer: the hardest value that holds, while the next one does not'),
      column('worst_app', '', 'app of the objective that is missed most, or kept least; `all`: the whole fleet'),
      column('worst_objective', '', 'success: ratio of first attempts served; p99: ms; room: cores that found a node ÷ cores planned'),
      column('worst_world', '', 'the world it is missed in; empty: the scenario as it is'),
      column('required', 'ratio or ms', 'what the objective asks for'),
      column('mean', 'ratio or ms', 'mean over the replications'),
      column('bound', 'ratio or ms', 'what the mean is no worse than with the confidence'),
      column('cost', 'price', 'mean cost, as in summary.csv'),
      column('reserved_core_max', 'cores', 'mean of the largest reservation'),
      column('unserved', 'requests', 'mean number of requests lost for good'),
      column('exposure_s', 's', 'mean exposure'),
      column('response_p99_ms', 'ms', 'mean of the 99 % quantile over all requests of a replication'),
      column('frontier', '', 'whether no value of any strategy costs less and loses no more, or loses less and costs no more'),
    ],
  },
  apps: {
    file: 'apps.csv',
    row: 'interval × app × zone',
    order: 'time, then apps and zones as in the scenario',
    columns: [
      column('from_s', 's', 'start of the interval'),
      column('to_s', 's', 'end of the interval'),
      column('app', '', 'name of the app'),
      column('zone', '', 'name of the zone'),
      column('offered_per_s', 'requests/s', 'mean rate of first attempts routed to the zone'),
      column('retried_per_s', 'requests/s', 'mean rate of attempts beyond the first'),
      column('served_per_s', 'requests/s', 'mean rate of attempts answered'),
      column('rejected_per_s', 'requests/s', 'mean rate of attempts refused by a limiter, and taken by no other zone'),
      column('overflowed_per_s', 'requests/s', 'mean rate of attempts that the limiters of the zone refused and another zone took'),
      column('timed_out_per_s', 'requests/s', 'mean rate of attempts that waited too long'),
      column('capacity_per_s', 'requests/s', 'mean capacity of the pods that get traffic and serve all of it themselves'),
      column('forecast_per_s', 'requests/s', "mean of the forecast, the zone's share of it"),
      column('backlog', 'requests', 'waiting at the end of the interval (of single requests: waiting or in service)'),
      column('response_p50_ms', 'ms', 'median response time of admitted attempts'),
      column('response_p99_ms', 'ms', '99 % of the attempts that are answered are answered within this'),
      column('forwarded_ratio', 'ratio', 'attempts forwarded by a sidecar ÷ attempts'),
      column('pods_running', 'pods', 'running at the end of the interval'),
      column('pods_keep_alive', 'pods', 'kept alive at the end of the interval'),
      column('pods_warming', 'pods', 'warming up at the end of the interval'),
      column('pods_standby', 'pods', 'standing by, started and without traffic, at the end of the interval'),
      column('pods_starting', 'pods', 'pulling or starting at the end of the interval'),
      column('pods_pending', 'pods', 'waiting for a node at the end of the interval'),
      column('pods_switching', 'pods', 'between running and kept alive at the end of the interval'),
      column(
        'reserved_core',
        'cores',
        'mean Σ requests of pods outside slots, and of slots: each member its keep-alive request, the holder the rest',
      ),
      column('limited_core', 'cores', 'mean Σ CPU limits in force'),
      column('used_core', 'cores', 'mean CPU used, by starting pods too where the scenario says what they use'),
      column('exposure_s', 's', 'time of the interval with a deficit'),
    ],
  },
  operations: {
    file: 'operations.csv',
    row: 'operation: an order and what became of it',
    order: 'the number of the operation',
    columns: [
      column('operation', '', 'number of the operation'),
      column('strategy', '', 'label of the strategy that ordered it'),
      column('kind', '', 'scale, reserve, switch, pause, resume or roll-back; repair: the inspection takes up stuck slots'),
      column('app_from', '', 'app that gives slots; for scale and reserve empty'),
      column('app_to', '', 'app that takes slots, is scaled, or first holds reserved slots'),
      column('group', '', 'sharing group of the slots'),
      column('requested', 'pods or slots', 'that have to change for it; of an order that is refused: asked for'),
      column('done', 'pods or slots', 'carried out'),
      column('failed', 'slots', 'failed in this switch; the reason says why, and what became of them'),
      column('ordered_s', 's', 'when the strategy ordered it'),
      column('started_s', 's', 'first action'),
      column('ended_s', 's', "the last slot's or pod's status; empty if it was not over at the end"),
      column(
        'state',
        '',
        'running, paused, rolling-back, done, rolled-back, refused, or superseded by a newer order for the same pods or slots',
      ),
      column('batches', 'batches', 'batches begun'),
      column('gate_success_ratio', 'ratio', 'lowest share of attempts served that a gate saw'),
      column('gate_response_p99_ms', 'ms', 'highest p99 that a gate saw'),
      column('reason', '', 'why it was refused, paused or rolled back; why slots of it failed, and what became of them until the end'),
    ],
  },
  switches: {
    file: 'switches.csv',
    row: 'slot × step of a switch',
    order: 'the time the step ended; at one time in the order of events',
    columns: [
      column('operation', '', 'number of the operation'),
      column('batch', '', 'number of the batch, from 1'),
      column('slot', '', 'number of the slot'),
      column('node', '', 'name of the node: its zone and its number there'),
      column('step', '', 'name of the step'),
      column('from_app', '', 'app that gives the slot'),
      column('to_app', '', 'app that takes it'),
      column('started_s', 's', 'start of the first try'),
      column('ended_s', 's', 'end of the last try'),
      column('attempts', 'tries', 'tries the step took'),
      column(
        'outcome',
        '',
        'done; stuck: its last try failed; lost: its node was lost; refused: the node has no room to make before break',
      ),
      column('bytes', 'bytes', 'memory moved out or in by the step'),
    ],
  },
  pods: {
    file: 'pods.csv',
    row: 'pod × state it was in',
    order: 'the time the state ended; at one time in the order of events',
    columns: [
      column('pod', '', 'number of the pod'),
      column('app', '', 'name of the app'),
      column('zone', '', 'name of the zone; empty while it has no node'),
      column('node', '', 'name of the node; empty while it has none'),
      column('slot', '', 'number of the slot; empty for pods outside slots'),
      column('state', '', 'state of the pod'),
      column('from_s', 's', 'when it entered the state'),
      column('to_s', 's', 'when it left it; the end of the run if it did not'),
      column('reason', '', 'why it left the state, where that is not the ordinary course'),
    ],
  },
  nodes: {
    file: 'nodes.csv',
    row: 'interval × node',
    order: 'time, then node',
    columns: [
      column('from_s', 's', 'start of the interval'),
      column('to_s', 's', 'end of the interval'),
      column('node', '', 'name of the node: its zone and its number there'),
      column('zone', '', 'name of the zone'),
      column('pods', 'pods', 'on the node at the end of the interval'),
      column('slots', 'slots', 'on the node at the end of the interval'),
      column('reserved_core', 'cores', 'reserved at the end of the interval'),
      column('limited_core', 'cores', 'Σ CPU limits in force at its end'),
      column(
        'used_core',
        'cores',
        'CPU used: the mean use of each app in the zone, spread over its pods that run at the end, and what starting pods use at the end',
      ),
      column('memory_reserved_gib', 'GiB', 'memory reserved at its end'),
      column('memory_resident_gib', 'GiB', 'memory resident at its end'),
      column('swapped_gib', 'GiB', 'memory swapped out at its end'),
      column('swap_out_bytes_per_s', 'bytes/s', 'mean rate of swapping out'),
      column('swap_in_bytes_per_s', 'bytes/s', 'mean rate of swapping in'),
      column('state', '', 'ready or lost, at the end of the interval'),
    ],
  },
} as const satisfies Readonly<Record<string, CsvFile>>;

export type CsvName = keyof typeof csvFiles;
/** Files with the detail of one run, in `<label>/<replication>/`. */
export type DetailFile = Exclude<CsvName, 'summary' | 'compare' | 'plan'>;
export const detailFiles = ['apps', 'operations', 'switches', 'pods', 'nodes'] as const satisfies readonly DetailFile[];

export type ColumnName<File extends CsvName> = (typeof csvFiles)[File]['columns'][number]['name'];
/** A row whose keys the compiler checks against the file's columns; any column may be left out. */
export type RowOf<File extends CsvName> = { readonly [Name in ColumnName<File>]?: Cell };
