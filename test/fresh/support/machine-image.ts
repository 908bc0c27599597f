import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import type { CliContext } from '../../../runner/cli/context.ts';
import { buildSetup } from '../../../runner/cli/setup/course-engine.ts';
import { bootstrapDebian } from '../../../runner/engine/images/bootstrap-debian.ts';
import { SILENT } from '../../../runner/engine/images/progress.ts';

const SUITE = 'bookworm';
const REGISTRY_ANSWER_MS = 8_000;

/** Builds the newcomer's machine, or takes the one of an earlier run. Answers its tag. */
export async function machineImage(context: CliContext, told: (line: string) => void): Promise<string> {
  const dockerfile = await readFile(join(import.meta.dirname, '../machine/Dockerfile'));
  const tag = `drydock-test/machine:${createHash('sha256').update(dockerfile).digest('hex').slice(0, 12)}`;
  const debian = `drydock-test/debian:${SUITE}`;
  const setup = buildSetup(context, SILENT);
  const { engine } = setup;
  if (await engine.has(tag)) return tag;
  if (
    !(await engine.has(debian)) &&
    !(await engine.pull({ repository: 'debian', tag: `${SUITE}-slim` }, debian, REGISTRY_ANSWER_MS, told))
  ) {
    await bootstrapDebian(engine, { suite: SUITE, tag: debian }, setup, told);
  }
  const files = pack();
  files.entry({ name: 'Dockerfile' }, dockerfile);
  files.finalize();
  await engine.build({ tag, context: files as unknown as Readable, args: { FROM_DEBIAN: debian }, labels: {} }, told);
  return tag;
}
