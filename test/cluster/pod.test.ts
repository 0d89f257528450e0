import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../src/base/assert.ts';
import { time } from '../../src/base/units.ts';
import { checkTransition, limitsIn, nextStates, noLimits, type Pod, type PodState } from '../../src/cluster/pod.ts';
import { app, gigabyte } from '../operations/support.ts';

/**
 * The life of a pod, one row per state in the order of the columns: x where the column's state may follow.
 * pending → pulling (unless its image is there) → starting → warming → running; one that is to stand by does so once it has started or drained, and warms up when it
 * is activated; a switch leads down over draining-to-standby, cutoff and swapping-out to keep-alive and up again over swapping-in;
 * what took traffic drains before it is terminated, what took none is terminated at once; and what was never bound, or has no container yet, is gone at once. Whatever is on a node that
 * is lost has failed, or, if it was on its way out, is gone; what has failed starts again, pulls again or is given up.
 */
const columns = [
  'pending',
  'pulling',
  'starting',
  'standby',
  'warming',
  'running',
  'draining-to-standby',
  'cutoff',
  'swapping-out',
  'keep-alive',
  'swapping-in',
  'draining',
  'terminating',
  'failed',
  'gone',
] as const satisfies readonly PodState[];
const matrix: Readonly<Record<PodState, string>> = {
  //                      p l s b w r d c o k i n t f g
  pending: /*          */ '. x x . . . . . . . . . . . x',
  pulling: /*          */ '. . x . . . . . . . . . . x x',
  starting: /*         */ '. . . x x . . . . x . . x x .',
  standby: /*          */ '. . . . x . . . . . . . x x .',
  warming: /*          */ '. . . . . x . . . . . x . x .',
  running: /*          */ '. . . . . . x . . . . x . x .',
  'draining-to-standby': '. . . . . . . x . . . x . x .',
  cutoff: /*           */ '. . . . . x . . x . . x . x .',
  'swapping-out': /*   */ '. . . . . . . . . x . . x x .',
  'keep-alive': /*     */ '. . . . . . . . . . x . x x .',
  'swapping-in': /*    */ '. . . . . x . . x . . x . x .',
  draining: /*         */ '. . . x . . . . . . . . x x x',
  terminating: /*      */ '. . . . . . . . . . . . . . x',
  failed: /*           */ '. x x . . . . . . . . . . . x',
  gone: /*             */ '. . . . . . . . . . . . . . .',
};
const legal = (from: PodState, to: PodState): boolean => matrix[from].split(' ')[columns.indexOf(to)] === 'x';

const pod = (state: PodState): Pod => ({
  id: 7, app: 0, role: { kind: 'exclusive', index: 0 }, incarnation: 0, slot: undefined, created: time(0), standby: false, node: 0, zone: 0, state, since: time(0), epoch: 0, mode: undefined, intended: undefined, missed: undefined, restarts: 0, pushes: 0, operation: undefined, limits: noLimits, startCpu: 0, burst: 0,
}); // prettier-ignore

describe('changes of state', () => {
  it('are known for every state, and lead to known states', () => {
    expect(Object.keys(nextStates)).toEqual([...columns]);
    for (const row of Object.values(matrix)) expect(row.split(' ')).toHaveLength(columns.length);
  });

  it.each(columns)('from %s: exactly those of the matrix are legal', (from) => {
    for (const to of columns) {
      const change = () => {
        checkTransition(pod(from), to, 'pay');
      };
      if (legal(from, to)) expect(change, `${from} → ${to}`).not.toThrow();
      else expect(change, `${from} → ${to}`).toThrow(new InvariantError(`pod 7 of pay cannot go from ${from} to ${to}`));
    }
  });

  it('lead from every state to gone, and to every state from pending', () => {
    const reach = (from: PodState): ReadonlySet<PodState> => {
      const seen = new Set<PodState>([from]);
      for (const state of seen) for (const next of columns) if (legal(state, next)) seen.add(next);
      return seen;
    };
    for (const state of columns) expect(reach(state).has('gone'), state).toBe(true);
    expect([...reach('pending')].sort()).toEqual([...columns].sort());
  });

  it('switch traffic off before memory goes out, and on after it is back', () => {
    const before = (to: PodState) => columns.filter((from) => legal(from, to));
    expect(before('swapping-out')).toEqual(['cutoff', 'swapping-in']);
    expect(before('running')).toEqual(['warming', 'cutoff', 'swapping-in']);
  });
});

describe('limits in force', () => {
  // Running 4 cores and 8 GB; kept alive 1 core and 2 GB: 8 − 4 released − 2 swapped = 2 GB resident.
  const spec = app('pay');
  const [full, kept] = [
    { millicores: 4000, resident: 8 * gigabyte },
    { millicores: 1000, resident: 2 * gigabyte },
  ];
  it.each([
    ['pending', noLimits, noLimits],
    ['pulling', noLimits, noLimits],
    ['starting', full, kept],
    ['standby', full, full],
    ['warming', full, full],
    ['running', full, full],
    ['draining-to-standby', full, full],
    ['cutoff', full, full],
    // The CPU limit falls at the start, memory at the end.
    ['swapping-out', { millicores: 1000, resident: 8 * gigabyte }, { millicores: 1000, resident: 8 * gigabyte }],
    ['keep-alive', kept, kept],
    // CPU rises at the start, memory counts at once.
    ['swapping-in', full, full],
    ['draining', full, full],
    ['terminating', full, kept],
    ['failed', noLimits, noLimits],
    ['gone', noLimits, noLimits],
  ] as const)('%s: of a holder %o, of another tenant %o', (state, holder, other) => {
    expect(limitsIn(state, spec, false)).toEqual(holder);
    expect(limitsIn(state, spec, true)).toEqual(other);
  });

  it('never make resident memory negative', () => {
    const greedy = app('pay', { keepAlive: { ...spec.keepAlive, swap: 6 * gigabyte, release: 4 * gigabyte } });
    expect(limitsIn('keep-alive', greedy, false).resident).toBe(0);
  });
});
