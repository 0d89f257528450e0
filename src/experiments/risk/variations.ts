import { type Duration, fromSeconds, type GroupName, time, type Time } from '../../base/units.ts';
import type { Rollout } from '../../operations/orders.ts';
import type { Scenario, StrategyUse } from '../../scenario/scenario.ts';
import type { PlannedFleet } from '../../strategies/strategy.ts';
import { eachApp } from '../worlds.ts';

/** What a switch may be told, or come upon, otherwise. `change` is undefined where the strategy has nothing of the kind. */
export interface Variation {
  readonly name: string;
  readonly change: (scenario: Scenario, use: StrategyUse, opening: PlannedFleet | undefined) => Scenario | undefined;
}

/** A strategy's options, as far as they are about switches. */
interface SwitchOptions {
  readonly rollout?: Rollout;
  readonly plan?: readonly { readonly at: Time; readonly group?: GroupName }[];
}

function withOptions(scenario: Scenario, use: StrategyUse, options: object): Scenario {
  const changed = { ...use, options: { ...(use.options as object), ...options } };
  return { ...scenario, strategies: scenario.strategies.map((each) => (each === use ? changed : each)) };
}

const rollout =
  (change: (rollout: Rollout) => Partial<Rollout> | undefined): Variation['change'] =>
  (scenario, use) => {
    const { rollout: given } = use.options as SwitchOptions;
    const changed = given && change(given);
    return changed && withOptions(scenario, use, { rollout: { ...given, ...changed } });
  };

/** Every planned switch begins so much later, with the fleet that was planned for its time: who is late has not bought for it. */
const later =
  (by: Duration): Variation['change'] =>
  (scenario, use, opening) => {
    const { plan } = use.options as SwitchOptions;
    if (plan === undefined || opening === undefined || plan.some(({ group }) => group === undefined)) return undefined;
    const moved = plan.map((step) => ({ ...step, at: time(step.at + by) }));
    if (moved.some(({ at }) => at < 0 || at >= scenario.horizon)) return undefined;
    const slots = Object.fromEntries([...opening.slots].map(([group, held]) => [group, held.slots]));
    return withOptions(scenario, use, { plan: moved, slots, pods: Object.fromEntries(opening.exclusive) });
  };

const bandwidth =
  (by: number): Variation['change'] =>
  (scenario) => ({
    ...scenario,
    cluster: {
      ...scenario.cluster,
      pools: scenario.cluster.pools.map((pool) => ({
        ...pool,
        node: { ...pool.node, swapOut: pool.node.swapOut * by, swapIn: pool.node.swapIn * by },
      })),
    },
  });

const forecast = (by: number): Variation['change'] =>
  eachApp((app) => ({ ...app, forecast: { ...app.forecast, level: { ...app.forecast.level, factor: app.forecast.level.factor * by } } }));

/** Twice as many batches: each is halved. */
const halved = (batches: readonly number[]): readonly number[] =>
  batches.flatMap((share, i) => [((batches[i - 1] ?? 0) + share) / 2, share]);

export const riskVariations: readonly Variation[] = [
  { name: 'all slots in one batch', change: rollout(({ batches }) => (batches.length > 1 ? { batches: [1] } : undefined)) },
  { name: 'twice as many batches', change: rollout(({ batches }) => ({ batches: halved(batches) })) },
  { name: 'no observation', change: rollout(({ observe }) => (observe > 0 ? { observe: fromSeconds(0) } : undefined)) },
  { name: 'twice the observation', change: rollout(({ observe }) => (observe > 0 ? { observe: (2 * observe) as Duration } : undefined)) },
  { name: 'begins 5 min earlier', change: later(fromSeconds(-300)) },
  { name: 'begins 1 min later', change: later(fromSeconds(60)) },
  { name: 'begins 5 min later', change: later(fromSeconds(300)) },
  { name: 'half the swap bandwidth', change: bandwidth(0.5) },
  { name: 'twice the swap bandwidth', change: bandwidth(2) },
  { name: 'forecast 10 % too low', change: forecast(0.9) },
  { name: 'forecast 10 % too high', change: forecast(1.1) },
];
