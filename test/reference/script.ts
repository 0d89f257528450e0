import { z } from 'zod';
import type { OperationId } from '../../src/base/units.ts';
import { ordersFor, wakeUps } from '../../src/strategies/fleet-plan.ts';
import { type Action, defineStrategy, type View } from '../../src/strategies/strategy.ts';

/** Gives the orders that are written down for it at the times written down: what no strategy of the house would order, and how soon after one another. */
export const script = defineStrategy({
  name: 'script',
  summary: 'gives orders by a list',
  options: (kit) => {
    const fleet = z.strictObject({ app: kit.app(), pods: kit.count(), standby: kit.count().optional() });
    const slots = z.strictObject({ group: kit.group(), slots: kit.count(), holder: kit.app() });
    const order = {
      scale: fleet.optional(),
      reserve: slots.optional(),
      switch: z
        .strictObject({ group: kit.group(), from: kit.app(), to: kit.app(), slots: kit.count(1), rollout: kit.rollout() })
        .optional(),
      /** Of the `nth` switch that the view shows and that is not done. */
      stop: z.strictObject({ kind: z.enum(['pause', 'resume', 'roll-back']), nth: kit.count() }).optional(),
    };
    return z.strictObject({
      open: z.strictObject({ scale: z.array(fleet), reserve: z.array(slots) }),
      later: z.array(z.strictObject({ at: kit.time(), ...order })),
      /** One each time that its period is over, and one each time that there is news of operations. */
      period: kit.duration().optional(),
      periodic: z.array(z.strictObject(order)),
      onNews: z.array(z.strictObject(order)),
    });
  },
  create: ({ open, later, period, periodic, onNews }) => {
    let next = 0;
    const inOrder = [...later].sort((a, b) => a.at - b.at);
    const [left, replies] = [[...periodic], [...onNews]];
    const scaled = ({ app, pods, standby }: (typeof open.scale)[number]): Action => ({
      ...{ kind: 'scale', app, pods },
      ...(standby === undefined ? {} : { standby }),
    });
    const switchesOf = (view: View): readonly OperationId[] =>
      view.operations.filter(({ order, state }) => order.kind === 'switch' && state !== 'done').map(({ id }) => id);
    return {
      open: () => [
        ...ordersFor({
          ...{ from: 0 as View['now'], exclusive: new Map() },
          slots: new Map(open.reserve.map(({ group, slots, holder }) => [group, { slots, holder }])),
        }),
        ...open.scale.map(scaled),
        ...wakeUps(inOrder.map(({ at }) => at)),
      ],
      ...(period === undefined ? {} : { period }),
      decide: (view) => {
        const actions: Action[] = [];
        const orders: Partial<(typeof later)[number]>[] = [];
        for (; (inOrder[next]?.at ?? Infinity) <= view.now; next++) orders.push(inOrder[next] ?? {});
        if (view.because === 'period') orders.push(left.shift() ?? {});
        if (view.because === 'operation') orders.push(replies.shift() ?? {});
        for (const { scale, reserve, switch: asked, stop } of orders) {
          if (scale) actions.push(scaled(scale));
          if (reserve) actions.push({ kind: 'reserve', ...reserve });
          if (asked) actions.push({ kind: 'switch', ...asked });
          const under = switchesOf(view);
          const operation = stop && under[stop.nth % Math.max(1, under.length)];
          if (stop && operation !== undefined) actions.push({ kind: stop.kind, operation });
        }
        return actions;
      },
    };
  },
});
