import { describe, expect, it } from 'vitest';
import { betweenMarkers, markers } from '../../bench/between-markers.ts';
import { findings } from '../../bench/findings.ts';
import { growth, startUp } from '../../bench/growth.ts';
import { asMarkdown, findingsTable, measuredTable, onScreen } from '../../bench/tables.ts';
import { measured, measurement, sample } from './support.ts';

describe('the tables', () => {
  const table = measuredTable([
    measured('100 pending', { note: 'a | b' }),
    {
      measurement: measurement('full', { group: 'full', job: { kind: 'run', words: [] }, unit: 'events' }),
      sample: sample({ work: 1e6, wallSeconds: 12.345 }),
    },
  ]);

  it('line up on the screen; only whole processes show their time', () => {
    expect(onScreen(table).split('\n')).toEqual([
      'group  measured                 work  CPU s  per CPU s  wall s  peak MiB  result    note',
      'hold   100 pending  5,000 operations   2.00      2,500               100  01234567  a | b',
      'full   full         1,000,000 events   2.00    500,000   12.35       100  01234567',
    ]);
  });

  it('are Markdown in the document', () => {
    expect(asMarkdown(table).split('\n')).toEqual([
      '| group | measured | work | CPU s | per CPU s | wall s | peak MiB | result | note |',
      '| --- | --- | ---: | ---: | ---: | ---: | ---: | --- | --- |',
      '| hold | 100 pending | 5,000 operations | 2.00 | 2,500 |  | 100 | 01234567 | a \\| b |',
      '| full | full | 1,000,000 events | 2.00 | 500,000 | 12.35 | 100 | 01234567 |  |',
    ]);
  });
});

describe('the document', () => {
  const page = `# Speed\n\n${markers.begin}\nold\n${markers.end}\n\nprose\n`;

  it('gets new text between its markers, and stays as it was around them', () => {
    const once = betweenMarkers(page, '| new |');
    expect(once).toBe(`# Speed\n\n${markers.begin}\n\n| new |\n\n${markers.end}\n\nprose\n`);
    expect(betweenMarkers(once, '| new |')).toBe(once);
  });

  it('must have each marker once, in order', () => {
    expect(() => betweenMarkers(page.replace(markers.begin, ''), '')).toThrow(`there is no line ${markers.begin}`);
    expect(() => betweenMarkers(page.replace(markers.end, ''), '')).toThrow(`there is no line ${markers.end}`);
    expect(() => betweenMarkers(page + markers.end, '')).toThrow(`there are two lines ${markers.end}`);
    expect(() => betweenMarkers(`${markers.end}\n${markers.begin}\n`, '')).toThrow('stands before');
  });
});

describe('what follows', () => {
  it('is a ratio of two measurements, or nothing where one is missing', () => {
    const [index, scan] = [measured('time-share, index', { cpuSeconds: 0.5 }), measured('time-share, plain scan', { cpuSeconds: 20 })];
    expect(findings([index, scan], 1).map(({ value }) => value)).toEqual(['40.0 ×']);
    expect(findings([index], 1)).toEqual([]);
  });

  it('is a speed-up of time on the clock, with the load average beside it', () => {
    const [one, two] = [
      measured('8 replications, 1 worker', { wallSeconds: 9 }),
      measured('8 replications, 2 workers', { wallSeconds: 5, load: 1.5 }),
    ];
    expect(findings([one, two], 1)).toMatchObject([{ value: '1.80 ×', detail: 'load average before: 1.00 and 1.50; CPU 1.00 ×' }]);
  });

  it('is the exponent of each series, the whole and net of start-up, and whether it is within the bar', () => {
    const cost = (size: number): number => 1 + size * size;
    const points = growth(1).flatMap((series) => series.points);
    const all = [
      { measurement: startUp, sample: sample({ cpuSeconds: 1 }) },
      ...points.map(({ size, measurement: of }) => ({ measurement: of, sample: sample({ cpuSeconds: cost(size) }) })),
    ];
    const days = findings(all, 1).find(({ of }) => of.endsWith('days alike'));
    expect(days?.detail).toMatch(/^ABOVE 1.15; net of start-up 2.00; .*1 ×, 3 ×, 10 ×: 2.0, 10.0, 101.0 s$/);
    expect(onScreen(findingsTable(findings(all, 1)))).toContain('growth of CPU with nodes, with pods and traffic');
  });
});
