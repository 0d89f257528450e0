import { expect, it } from 'vitest';
import { play, scenario } from './support.ts';

/** Notes of a day of one app: 6 pods of the strategy `static-peak` in tiny.yaml, of four cores and 400 requests/s each. */
function notes(...set: readonly string[]): readonly string[] {
  const constant = (rate: number) => ({ traffic: { constant: `${String(rate)}/s` } });
  return play(
    scenario('tiny', [`apps={ gala: ${JSON.stringify(constant(1600))}, sale: ${JSON.stringify(constant(10))} }`, ...set]),
    'static-peak',
  ).result.notes.filter((note) => note.startsWith('gala: '));
}

it('a run within the range of validity says nothing', () => {
  expect(notes()).toEqual([]);
});

it('a run whose requests would by chance wait longer than the time-out says how many', () => {
  // One core of 10 requests/s, a time-out of ten service times, ρ = 80 %: 2.37 % (test/serving/response-law.test.ts).
  const impatient = ['defaults.service={ time: 100ms, timeout: 1s, cv: 1 }', 'defaults.pod.cpu=1', 'defaults.keepAlive.cpu=0.5'];
  const [note, ...more] = notes(...impatient, 'apps.gala.traffic.constant=16/s', 'strategies.static-peak.utilisation=80%');
  expect(note).toMatch(
    /^gala: by chance about 2\.4 % of its requests would wait longer than the time-out of 1s and fail; the fluid serves them/,
  );
  expect(more).toEqual([]);
});

it('a run that meets saturation, or another law than the fluid’s, says so', () => {
  const [strained] = notes('strategies.static-peak.pods={ gala: 2 }');
  expect(strained).toMatch(/^gala: 100 % of its requests met a backlog or pods loaded above 98 %/);
  expect(notes('defaults.service.cv=2', 'defaults.service.balancer=round-robin').at(-1)).toBe(
    'gala: the fluid’s response percentiles are not those of balancer round-robin and service times of cv 2: fidelity: request simulates them',
  );
});
