/** Writes data to stdout and resolves when it has gone. A reader that has left (EPIPE) is no error; any other failure is an OutputError. */
export async function print(text: string): Promise<void> {
  const error = await new Promise<NodeJS.ErrnoException | null | undefined>((resolve) => {
    // The failure also arrives as an event, which without a listener would end the process.
    process.stdout.once('error', resolve);
    process.stdout.write(text, (failure) => {
      // After the event, where there is one.
      setImmediate(() => process.stdout.off('error', resolve));
      resolve(failure);
    });
  });
  if (!error || error.code === 'EPIPE') return;
  const { OutputError } = await import('../index.ts');
  throw new OutputError(`cannot write to stdout: ${error.message}`, { cause: error });
}

/** Writes what is not data to stderr. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
