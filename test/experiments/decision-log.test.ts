import { describe, expect, it } from 'vitest';
import { DecisionLog, type Decisions, hashEvery, mostWords, partingOf } from '../../src/experiments/decision-log.ts';
import { readScenario } from '../../src/scenario/read.ts';
import { simulate } from '../../src/simulation/simulate.ts';
import { strategies } from '../../src/strategies/registry.ts';

function decisions(label: string, ...set: string[]): Decisions {
  const scenario = readScenario('scenarios/tiny.yaml', { set, catalog: { strategies } });
  const log = new DecisionLog(scenario);
  simulate({ scenario, label, replication: 0, strategies, hooks: { fact: log.fact } });
  return log.decisions;
}

describe('the decisions of a run', () => {
  const { words, count, hashes } = decisions('time-share');

  it('are told in words: orders, nodes with their scores, pods, steps', () => {
    expect([words.length, hashes.length]).toEqual([count, 1]);
    expect(words[0]).toBe('00:00:00 (0 s) order 0 of the strategy: 4 slots of night, held by gala');
    expect(words).toContainEqual(
      expect.stringMatching(/^00:00:00 \(0 s\) slot 0 of night to node east-0: \d+ = NodeResourcesFit \d+ \+ NodeResourcesBalancedAllocation \d+ \+ TaintToleration 100 × 3, the most of 1 nodes that pass the filters, the first of equals$/), // prettier-ignore
    );
    expect(words).toContain('00:05:30 (330 s) order 3 of the strategy: switch 4 slots of night from gala to sale');
    expect(words).toContain('00:05:32 (332 s) pod 2 of gala on west-0: running to draining-to-standby (switch)');
    expect(words).toContain('00:05:35 (335 s) order 3, batch 1: slot 0 on east-0 from gala to sale: traffic-down done');
    expect(words.at(-1)).toMatch(/order 3 is done|pod \d+ of sale on \w+-\d: /);
  });

  it('are the same again, and part where something is decided otherwise', () => {
    expect(partingOf({ words, count, hashes }, decisions('time-share'))).toBeUndefined();
    const order = partingOf({ words, count, hashes }, decisions('time-share', 'strategies.time-share.rollout.order=make-before-break'));
    expect(order?.before).toMatch(/^00:05:32 .* running to draining-to-standby \(switch\)$/);
    expect(order?.now).toMatch(/^00:05:3\d/);
    expect(order?.same.at(-1)).toBe('00:05:30 (330 s) order 3 of the strategy: switch 4 slots of night from gala to sale');
    expect(words[(order?.number ?? 0) - 1]).toBe(order?.before);
    const placed = partingOf({ words, count, hashes }, decisions('time-share', 'platform.scheduler.profile=bin-packing'));
    expect(placed?.before).toMatch(/NodeResourcesFit \d+/);
    expect(placed?.now).toMatch(/NodeResourcesFit \d+/);
  });
});

describe('where two runs part', () => {
  const made = (lines: readonly string[], hashes: readonly string[] = [lines.join('|')], count = lines.length): Decisions => ({
    words: lines,
    hashes,
    count,
  });

  it('is the first line that differs, with three before it', () => {
    expect(partingOf(made(['a', 'b', 'c', 'd', 'e']), made(['a', 'b', 'c', 'd', 'x']))).toEqual({
      number: 5,
      before: 'e',
      now: 'x',
      same: ['b', 'c', 'd'],
    });
    expect(partingOf(made(['a']), made(['a', 'b']))).toEqual({ number: 2, before: undefined, now: 'b', same: ['a'] });
    expect(partingOf(made(['a', 'b']), made(['a']))).toEqual({ number: 2, before: 'b', now: undefined, same: ['a'] });
    expect(partingOf(made([]), made([]))).toBeUndefined();
  });

  it('is known to 1,024 decisions beyond the words', () => {
    const many = Array.from({ length: mostWords }, () => 'same');
    const before = made(many, ['1', '2', '3'], mostWords + 2048);
    expect(partingOf(before, made(many, ['1', '2', '3'], mostWords + 2048))).toBeUndefined();
    expect(partingOf(before, made(many, ['1', 'x', 'y'], mostWords + 2048))).toEqual({
      number: 2 * hashEvery,
      before: undefined,
      now: undefined,
      same: ['same', 'same', 'same'],
    });
    expect(partingOf(before, made(many, ['1', '2', 'y'], mostWords + 2048))?.number).toBe(3 * hashEvery);
  });
});
