/** Arguments that the command line does not understand. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
