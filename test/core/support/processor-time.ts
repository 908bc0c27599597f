/** Milliseconds of processor time that `run` takes: unlike the clock's, they do not grow when others are busy. */
export function processorTime(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
