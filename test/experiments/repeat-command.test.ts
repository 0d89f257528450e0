import { describe, expect, it } from 'vitest';
import { compareCommand, repeatCommand } from '../../src/experiments/repeat-command.ts';

describe('the command that repeats a run', () => {
  it('names everything that the run depended on, its own seed last', () => {
    const given = {
      command: 'npm run -s fenshi --',
      file: 'scenarios/tiny.yaml',
      set: ['apps.pay.service.time=20ms', 'seed=11'],
      plugins: ['./mine.ts'],
    };
    expect(repeatCommand(given, 'time-share', 13)).toBe(
      'npm run -s fenshi -- run scenarios/tiny.yaml --strategy time-share --set apps.pay.service.time=20ms --set seed=11 --plugin ./mine.ts --seed 13 --replications 1',
    );
  });

  it('has a sister that compares the strategies of the same scenario', () => {
    expect(compareCommand({ command: 'fenshi', file: 'a.yaml', set: ['seed=11'], plugins: ['./mine.ts'] })).toBe(
      'fenshi compare a.yaml --set seed=11 --plugin ./mine.ts',
    );
  });

  it('quotes what a shell would take apart', () => {
    expect(repeatCommand({ command: 'fenshi', file: "my file's.yaml", set: ['slots={a: 1}'], plugins: [] }, 'a', 1)).toContain(
      String.raw`run 'my file'\''s.yaml' --strategy a --set 'slots={a: 1}' --seed`,
    );
  });
});
