import type { Time } from '../base/units.ts';
import type { Action, PlannedFleet } from './strategy.ts';

/** The orders that bring up a planned fleet: slots first, so that the larger pieces find room. */
export function ordersFor(fleet: PlannedFleet): readonly Action[] {
  return [
    ...[...fleet.slots].map(([group, { slots, holder }]): Action => ({ kind: 'reserve', group, slots, holder })),
    ...[...fleet.exclusive].map(([app, pods]): Action => {
      const standby = fleet.standby?.get(app);
      return { kind: 'scale', app, pods, ...(standby === undefined ? {} : { standby }) };
    }),
  ];
}

/** Wake-ups at the moments, each once. */
export function wakeUps(moments: readonly Time[]): readonly Action[] {
  return [...new Set(moments)].sort((a, b) => a - b).map((at): Action => ({ kind: 'wake', at }));
}
