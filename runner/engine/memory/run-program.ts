import { fileAt, writeAt } from './container-files.ts';
import type { Process } from './process.ts';
import type { ProgramContainer } from './program.ts';
import type { MemoryContainer, World } from './world.ts';

interface Run {
  readonly argv: readonly string[];
  readonly user: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Runs a program behind `process` until it returns or is killed; an error it throws is its exit code 1. */
export async function runProgram(
  world: World,
  container: MemoryContainer,
  process: Process,
  run: Run,
): Promise<number> {
  const program = world.programs[run.argv[0] ?? ''];
  if (!program) {
    // The engine's own way of saying it: on the stream, with the exit code of a command that cannot run.
    await process.write(Buffer.from(`OCI runtime exec failed: exec: "${run.argv[0]}": no such file or directory\r\n`));
    return 126;
  }
  try {
    return await program({
      ...run,
      container: view(world, container),
      input: process.input,
      write: (bytes, stream) => process.write(bytes, stream),
      signal: process.signal,
    });
  } catch (error) {
    await process.write(Buffer.from(`${error instanceof Error ? error.message : String(error)}\n`), 'stderr');
    return 1;
  }
}

function view(world: World, container: MemoryContainer): ProgramContainer {
  const { id, spec } = container;
  return {
    id,
    name: spec.name,
    labels: spec.labels,
    read: (path) => fileAt(world, container, path),
    write: (path, bytes) => writeAt(world, container, path, bytes),
  };
}
