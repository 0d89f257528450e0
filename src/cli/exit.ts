/** Exit codes. 1 (a verdict failed) and 3 (no verdict) belong to commands with a verdict. */
export const exitCodes = {
  ok: 0,
  /** Arguments, scenario, plug-in. */
  invalid: 2,
  /** A check of a run failed, or a bug. */
  failed: 70,
  cannotWrite: 74,
} as const;

/** Ends the process at once: for a second signal, when the user no longer wants to wait. */
export function exitAtOnce(code: number): never {
  process.exit(code);
}
