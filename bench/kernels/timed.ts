/** CPU seconds of this process, user and system, that `work` takes. */
export function timed<T>(work: () => T): { readonly cpuSeconds: number; readonly result: T } {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return { cpuSeconds: (user + system) / 1e6, result };
}
