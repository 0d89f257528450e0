/** Exit codes. */
export const exitCodes = {
  ok: 0,
  /** A verdict failed: a claim of `verify` does not hold. */
  refuted: 1,
  /** Arguments, scenario, plug-in. */
  invalid: 2,
  /** Not known as well as was asked, in as many replications as were allowed. */
  noVerdict: 3,
  /** A check of a run failed, or a bug. */
  failed: 70,
  cannotWrite: 74,
} as const;

/** Ends the process at once: for a second signal, when the user no longer wants to wait. */
export function exitAtOnce(code: number): never {
  process.exit(code);
}
