import type { Plugin } from 'fenshi';

/**
 * Time-sharing without a plan: every period look at the load of two apps that share slots, and when one has outgrown its running pods, hand it slots of the other
 * as long as that one can spare them. It reacts as fast as it measures: compare it with `time-share`, which knows the hour.
 */
const plugin: Plugin = (define) => [
  define.strategy({
    name: 'follow-the-load',
    summary: 'hands slots to the app whose measured load has outgrown its running pods',
    options: (kit) =>
      kit.z.strictObject({
        group: kit.group(),
        first: kit.app().describe('the app that opens with the slots'),
        second: kit.app(),
        slots: kit.count(1),
        pods: kit.count(1).describe('pods of each app outside the slots'),
        period: kit.duration().describe('how often it looks'),
        trigger: kit.share().describe('share of the running capacity in use above which an app wants slots'),
        rollout: kit.rollout(),
      }),
    create: ({ group, first, second, slots, pods, period, trigger, rollout }) => ({
      period,
      open: (view) => [
        { kind: 'reserve', group, slots, holder: first },
        ...view.apps.map((app) => ({ kind: 'scale', app: app.name, pods }) as const),
      ],
      decide: (view) => {
        if (view.operations.some((operation) => operation.state === 'running')) return []; // one switch at a time
        if (view.apps.some(({ measured }) => measured === undefined)) return []; // nothing is known yet: not the same as no load
        /** Running pods that the app has more than its load needs at the trigger; negative where it has too few. */
        const spare = (name: typeof first): number => {
          const app = view.app(name);
          const needed = (app.measured?.offeredPerSecond ?? 0) / (app.podCapacityPerSecond * trigger);
          return app.exclusive.running + app.shared.running - Math.ceil(needed);
        };
        for (const [from, to] of [
          [first, second],
          [second, first],
        ] as const) {
          const wanted = Math.min(-spare(to), spare(from), view.group(group).held(from));
          if (wanted > 0) return [{ kind: 'switch', group, from, to, slots: wanted, rollout }];
        }
        return [];
      },
    }),
  }),
];

export default plugin;
