import { vi } from 'vitest';
import { run } from '../../src/cli/run-cli.ts';

/** Carries out a command line in this process. */
export async function fenshi(...args: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const [out, err]: [string[], string[]] = [[], []];
  const collect = (into: string[]) => (text: unknown, done?: unknown) => {
    into.push(String(text));
    if (typeof done === 'function') (done as () => void)();
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(collect(out));
  vi.spyOn(process.stderr, 'write').mockImplementation(collect(err));
  try {
    const code = await run(args);
    return { code, out: out.join(''), err: err.join('') };
  } finally {
    vi.restoreAllMocks();
  }
}
