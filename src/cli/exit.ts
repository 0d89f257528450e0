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

let wanted = false;

/** What is said where the process ends without anybody having wanted it: a plug-in can call process.exit. Returns how to stop listening. */
export function guardExit(say: () => void): () => void {
  const onExit = (): void => {
    if (wanted || process.exitCode === exitCodes.invalid) return; // whoever sets it has said why
    process.exitCode = exitCodes.invalid;
    say();
  };
  process.once('exit', onExit);
  return () => process.off('exit', onExit);
}

/** Ends the process at once: for a second signal, when the user no longer wants to wait. */
export function exitAtOnce(code: number): never {
  wanted = true;
  process.exit(code);
}
