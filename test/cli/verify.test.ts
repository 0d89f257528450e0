import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { fenshi } from './fenshi.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const one = ['verify', '--quick', '--only', 'placement'];

it('prints the claims of the groups asked for, the same bytes each time, and writes them as JSON', { timeout: 60_000 }, async () => {
  const json = join(mkdtempSync(join(tmpdir(), 'fenshi-')), 'claims.json');
  const first = await fenshi(...one, '--json', json);
  expect(first).toMatchObject({ code: 0, err: `wrote ${json}\n` });
  expect(first.out).toMatch(/^placement: The scheduler/);
  expect(first.out).toMatch(/\n\n2 claims: all hold\n$/);
  expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({ seed: 11, quick: true, claims: [{ group: 'placement', held: true }, {}] });
  expect(await fenshi(...one)).toEqual({ code: 0, out: first.out, err: '' });
  expect((await fenshi(...one, '--seed', '12')).out).not.toBe(first.out);
});

it('ends with 74 where the rows cannot be written, 2 where a group is not there, and explains itself', { timeout: 60_000 }, async () => {
  expect(await fenshi(...one, '--json', 'no/such/folder.json')).toMatchObject({
    code: 74,
    err: expect.stringContaining('no such folder') as string,
  });
  expect(await fenshi('verify', '--only', 'flud')).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringContaining('did you mean "fluid"?') as string,
  });
  expect(await fenshi('verify', '--only', 'x')).toMatchObject({
    code: 2,
    err: expect.stringContaining('there are theory, fluid, ') as string,
  });
  expect((await fenshi('verify', '--help')).out).toContain('Exit codes: 0 all hold, 1 one does not');
});

it('ends with 1 where a claim does not hold', async () => {
  const { claimGroups } = await import('../../src/verify/groups.ts');
  const { counted } = await import('../../src/verify/claim.ts');
  const placement = claimGroups.find(({ name }) => name === 'placement')!;
  vi.spyOn(placement, 'claims').mockReturnValue([counted({ name: 'two and two are five', source: '1984' }, 1, 1)]);
  const { code, out } = await fenshi(...one);
  expect([code, out.split('\n').at(-2)]).toEqual([1, '✗ placement: two and two are five: expected 0, measured 1 (1984)']);
});
