import { describe, expect, it } from 'vitest';
import { parseKernelResult, parseUsage } from '../../bench/usage-file.ts';

describe('what a measured process writes', () => {
  it('is read as it is', () => {
    expect(parseUsage('{"cpuSeconds":1.5,"peakMiB":120}')).toEqual({ cpuSeconds: 1.5, peakMiB: 120 });
    expect(parseKernelResult('{"work":10,"cpuSeconds":0.5,"hash":"ab","note":"n"}')).toEqual({
      work: 10,
      cpuSeconds: 0.5,
      hash: 'ab',
      note: 'n',
    });
  });

  it.each(['', 'null', '[]', '{"cpuSeconds":1}', '{"cpuSeconds":"1","peakMiB":2}', '{"cpuSeconds":-1,"peakMiB":2}'])(
    'is refused as %j',
    (text) => {
      expect(() => parseUsage(text)).toThrow('expected CPU seconds and MiB');
      expect(() => parseKernelResult(text)).toThrow("expected a kernel's result");
    },
  );
});
