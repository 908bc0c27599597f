import type { KeeperEvent } from './keeper-reader.ts';

/**
 * Joins neighbouring outputs. One message of 32 KiB costs a browser and a socket far less than eight of 4 KiB;
 * a lone output is passed on uncopied.
 */
export function mergeOutput(events: readonly KeeperEvent[]): KeeperEvent[] {
  const merged: KeeperEvent[] = [];
  let run: Buffer[] = [];
  const flush = () => {
    const [first] = run;
    if (first) merged.push({ type: 'output', bytes: run.length === 1 ? first : Buffer.concat(run) });
    run = [];
  };
  for (const event of events) {
    if (event.type === 'output') {
      run.push(event.bytes);
    } else {
      flush();
      merged.push(event);
    }
  }
  flush();
  return merged;
}
