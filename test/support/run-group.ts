import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import type { TestGroup } from './test-groups.ts';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Runs a group's files, each in a process of its own, prints what they say, and counts. */
export async function runGroup(
  group: TestGroup,
  files: readonly string[],
  output: NodeJS.WritableStream,
): Promise<Counts> {
  let counts: Counts | null = null;
  const stream = run({ files: [...files], concurrency: group.concurrency, timeout: group.timeout });
  stream.on('test:summary', ({ file, counts: sum }) => {
    // Each file has a summary too; the whole run's names none.
    if (file === undefined)
      counts = {
        passed: sum.passed,
        failed: sum.tests - sum.passed - sum.skipped - sum.todo,
        skipped: sum.skipped + sum.todo,
      };
  });
  for await (const text of stream.compose(spec)) output.write(text as string);
  return counts ?? { passed: 0, failed: 1, skipped: 0 };
}
