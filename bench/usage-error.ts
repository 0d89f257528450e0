/** Arguments that the bench does not understand. Exit code 2. */
export class BenchUsageError extends Error {
  override readonly name = 'BenchUsageError';
}
