// The public API: everything the command line uses, and nothing deeper.
export { InvariantError } from './base/assert.ts';
export { InputError, type Issue, OutputError, PluginError } from './base/errors.ts';
export { parseDuration, parseShare } from './base/quantity.ts';
export { didYouMean } from './base/suggest.ts';
export {
  type AppName,
  appName,
  after,
  type Duration,
  duration,
  fromSeconds,
  type GroupName,
  groupName,
  inSeconds,
  type OperationId,
  type Time,
  time,
  type ZoneName,
} from './base/units.ts';
export type { Gate } from './operations/gate.ts';
export type { OperationState, Order, Rollout } from './operations/orders.ts';
export {
  type Action,
  type AppView,
  defineStrategy,
  type Forecast,
  type GroupView,
  type Kit,
  type Measured,
  type OperationView,
  type PlannedFleet,
  type Plugin,
  type Strategy,
  type StrategyDefinition,
  type StrategyEntry,
  type View,
} from './strategies/strategy.ts';
export { strategies } from './strategies/registry.ts';
export { festivalShapes } from './traffic/shapes.ts';
export { decodeScenario, type Decoded } from './scenario/decode.ts';
export { readDecoded, readScenario } from './scenario/read.ts';
export { resolvedYaml } from './scenario/resolved.ts';
export { renderProblems, ScenarioError } from './scenario/scenario-error.ts';
export type { Scenario, StrategyUse } from './scenario/scenario.ts';
export {
  type Cell,
  type Column,
  type ColumnName,
  csvFiles,
  type CsvFile,
  type CsvName,
  type DetailFile,
  type Row,
  type RowOf,
} from './metrics/columns.ts';
export type { RowSink } from './metrics/recorder.ts';
export type { RunHooks, RunInput, RunResult } from './simulation/run.ts';
export { simulate } from './simulation/simulate.ts';
export { inlineMore } from './experiments/inlining.ts';
export { checkWritable, writeWhole } from './output/partial-file.ts';
export { type Manifest } from './output/manifest.ts';
export type { Compared } from './experiments/comparison.ts';
export type { Judgement } from './experiments/judgement.ts';
export { type Metric, metricsNamed } from './experiments/metric.ts';
export type { Experiment, ExperimentOptions, Progress } from './experiments/experiment.ts';
export { type LoadedPlugin, loadPlugins } from './experiments/plugins.ts';
export { type Axis, parseAxis } from './experiments/axis.ts';
export type { Knob, Plan } from './experiments/plan.ts';
export { planExperiment } from './experiments/plan-experiment.ts';
export type { Until } from './experiments/until.ts';
export { otherStrategies } from './experiments/labels.ts';
export { pair, type PairingMethod } from './experiments/pairing/pair.ts';
export { writePair } from './experiments/pairing/write-pair.ts';
export { pairText } from './report/pair-text.ts';
export { risk } from './experiments/risk/risk.ts';
export { writeRisk } from './experiments/risk/write-risk.ts';
export { riskText } from './report/risk-text.ts';
export { asItIs, busiestMoment, lossOfEachZone, type World } from './experiments/worlds.ts';
export { plannedNodes, plansThatFail, planWarnings } from './experiments/plan-warnings.ts';
export { compare, replicate } from './experiments/run-experiment.ts';
export { checkRequests } from './experiments/request-load.ts';
export { type Baseline, readBaseline, writeBaseline } from './experiments/regress/baseline.ts';
export { measure } from './experiments/regress/measure.ts';
export { regressionOf } from './experiments/regress/regress.ts';
export { commandIn, speedOf } from './experiments/regress/speed.ts';
export { type LoadedCase, loadCases, readSuite, suiteName } from './experiments/regress/suite.ts';
export { writeRegression, writeWithoutComparison } from './experiments/regress/write-regression.ts';
export { parseVary } from './experiments/sweep/grid.ts';
export { type Merged, mergeSweep } from './experiments/sweep/merge.ts';
export { parseShard, wholeSweep } from './experiments/sweep/shard.ts';
export { sweep } from './experiments/sweep/sweep.ts';
export { sweepPlan } from './experiments/sweep/sweep-plan.ts';
export { changedInputs, readRepeatable, rerun } from './experiments/rerun.ts';
export { RunError } from './experiments/run-error.ts';
export type { Claim } from './verify/claim.ts';
export type { ClaimGroup, Effort } from './verify/group.ts';
export { claimGroups, verificationSeed } from './verify/groups.ts';
export { type ClaimRow, verification, verificationJson } from './verify/verification.ts';
export type { Interval } from './stats/interval.ts';
export { columnsMarkdown } from './report/columns-markdown.ts';
export { compareCommand } from './experiments/repeat-command.ts';
export { comparisonText, type ComparisonFormat } from './report/comparison-table.ts';
export { planText, sensitivityText } from './report/plan-text.ts';
export { condensed } from './report/alike.ts';
export { acceptedMarkdown, noVerdictMarkdown, regressionMarkdown, regressionText } from './report/regression.ts';
export { acceptedJunit, errorAnnotations, noVerdictJunit, regressionAnnotations, regressionJunit } from './report/regression-ci.ts';
export { leftOutText, screen } from './report/screen.ts';
export { sweepText } from './report/sweep-text.ts';
export { alignedTable, printable, wrapped } from './report/table.ts';
export { claimTable, verificationSummary } from './report/verification.ts';
