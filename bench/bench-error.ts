/** A measurement that cannot be trusted, or could not be made. Exit code 70. */
export class BenchError extends Error {
  override readonly name = 'BenchError';
}
