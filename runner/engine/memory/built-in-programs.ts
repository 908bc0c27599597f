import type { ProgramIo, Programs } from './program.ts';

const ZEROS = Buffer.alloc(32 * 1024);

/** The few tools every image has, as far as tests of both engines use them. */
export const BUILT_IN_PROGRAMS: Programs = {
  '/bin/true': async () => 0,
  '/bin/false': async () => 1,
  '/bin/cat': cat,
  '/bin/echo': echo,
  '/bin/sleep': sleep,
  '/bin/sh': shell,
  '/opt/drydock/ready': async () => 0,
};

async function cat(io: ProgramIo): Promise<number> {
  const [, path] = io.argv;
  if (path === undefined) {
    for await (const bytes of io.input) await io.write(bytes);
    return 0;
  }
  if (path === '/dev/zero') {
    while (!io.signal.aborted) await io.write(ZEROS);
    return 137;
  }
  const bytes = io.container.read(path);
  if (bytes) await io.write(bytes);
  else await io.write(Buffer.from(`cat: ${path}: No such file or directory\n`), 'stderr');
  return bytes ? 0 : 1;
}

async function echo(io: ProgramIo): Promise<number> {
  await io.write(Buffer.from(`${io.argv.slice(1).join(' ')}\n`));
  return 0;
}

async function sleep({ argv, signal }: ProgramIo): Promise<number> {
  const seconds = argv[1] === 'infinity' ? 0 : Number(argv[1]);
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = seconds > 0 ? setTimeout(resolve, seconds * 1000) : null;
  signal.addEventListener('abort', () => resolve(), { once: true });
  await promise;
  if (timer) clearTimeout(timer);
  return 0;
}

/** `sh -c` of simple commands joined by `;`, each with at most one `>&2` or `> FILE`; no expansion, no quotes. */
async function shell(io: ProgramIo): Promise<number> {
  let status = 0;
  for (const line of (io.argv[2] ?? '').split(';')) {
    const [command, place] = line.trim().split(/\s*>\s*/);
    const argv = (command ?? '').split(/\s+/);
    if (argv[0] === 'exit') return Number(argv[1] ?? status);
    const program = BUILT_IN_PROGRAMS[`/bin/${argv[0]}`];
    status = program ? await program({ ...io, argv, write: (bytes) => redirect(io, place, bytes) }) : 127;
  }
  return status;
}

async function redirect(io: ProgramIo, place: string | undefined, bytes: Uint8Array): Promise<void> {
  if (place === undefined || place === '&2') return io.write(bytes, place ? 'stderr' : 'stdout');
  io.container.write(place, bytes);
}
