/** Whether `pid` is a living process other than this one (whose own number may have been a dead one's before, as in containers). */
export function anotherLives(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
