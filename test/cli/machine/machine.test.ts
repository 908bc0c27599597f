import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { mayWrite } from '../../../runner/cli/machine/may-write.ts';
import { markProcess, stillRuns } from '../../../runner/cli/machine/process-mark.ts';
import { findProgram, parseOsRelease, readMachine } from '../../../runner/cli/machine/read-machine.ts';
import { requirePort } from '../../../runner/cli/machine/require-port.ts';
import { requireSpace } from '../../../runner/cli/machine/require-space.ts';
import { runProgram } from '../../../runner/cli/machine/run-program.ts';
import { readState, writeState } from '../../../runner/cli/machine/state-file.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drydock-machine-'));
});
after(() => rm(folder, { recursive: true }));

test('os-release is read with and without quotes', () => {
  assert.deepEqual(parseOsRelease('ID=debian\nPRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nID_LIKE=\'a b\'\n# no\n'), {
    ID: 'debian',
    PRETTY_NAME: 'Debian GNU/Linux 13 (trixie)',
    ID_LIKE: 'a b',
  });
});

test('Debian, Ubuntu and what is like them are of the family; a missing os-release is not', async () => {
  const who = { uid: 1000, user: 'ada', environment: {} };
  for (const [text, debian] of [
    ['ID=debian', true],
    ['ID=ubuntu\nID_LIKE=debian', true],
    ['ID=linuxmint\nID_LIKE="ubuntu debian"', true],
    ['ID=fedora', false],
    ['', false],
  ] as const) {
    const osRelease = join(folder, 'os-release');
    await writeFile(osRelease, text);
    assert.equal((await readMachine(who, { osRelease, systemd: join(folder, 'none') })).debian, debian, text);
  }
});

test('programs are found on PATH by their executable bit', async () => {
  await writeFile(join(folder, 'plain-file'), '', { mode: 0o644 });
  await writeFile(join(folder, 'a-program'), '', { mode: 0o755 });
  assert.equal(await findProgram('a-program', { PATH: `/nowhere:${folder}` }), join(folder, 'a-program'));
  assert.equal(await findProgram('plain-file', { PATH: folder }), null);
});

test('a free port is let through, a taken one refused with exit 3', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await assert.rejects(requirePort('127.0.0.1', port), {
    message: `Drydock cannot listen on 127.0.0.1 port ${port}: another program already does.`,
    hint: 'Choose another with: npm start -- --port N',
    exit: 3,
  });
  server.close();
  await once(server, 'close');
  await requirePort('127.0.0.1', port);
});

test('an address this machine does not have is refused', () =>
  assert.rejects(requirePort('192.0.2.77', 0), { exit: 3, hint: /Choose an address of this machine/ }));

test('space is judged where the folder would be, and nothing is made', async () => {
  const wanted = join(folder, 'not', 'there', 'yet');
  await requireSpace(wanted, 1, 'It');
  await assert.rejects(requireSpace(wanted, 2 ** 60, 'It'), {
    exit: 3,
    message: /^It needs 1073741824\.0 GB of disk at .*, and .* GB are free\.$/,
  });
  assert.ok(!(await readdir(folder)).includes('not'));
});

test('a folder below a file cannot be written to', async () => {
  await writeFile(join(folder, 'file'), '');
  assert.equal(await mayWrite(join(folder, 'file', 'below')), false);
  assert.equal(await mayWrite(join(folder, 'new', 'below')), true);
});

test('a process is known by its start as well as its number', async () => {
  const child = spawn('sleep', ['60']);
  const mark = await markProcess(child.pid ?? -1);
  assert.equal(await stillRuns(mark), true);
  if (mark.started !== '')
    assert.equal(await stillRuns({ ...mark, started: '1' }), false, 'another process with that number');
  child.kill();
  await once(child, 'exit');
  assert.equal(await stillRuns(mark), false);
});

test('a state file is private, and damage reads as nothing', async () => {
  const path = join(folder, 'home', 'state.json');
  const schema = z.object({ n: z.number() });
  await writeState(path, { n: 1 });
  assert.deepEqual(await readState(path, schema), { n: 1 });
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  await writeFile(path, '{"n":');
  assert.equal(await readState(path, schema), null);
  await writeFile(path, '{"n":"x"}');
  assert.equal(await readState(path, schema), null);
});

test('a program that fails answers its code and last lines; one that is not there answers 127', async () => {
  const told: string[] = [];
  const options = { environment: process.env, told: (line: string) => void told.push(line) };
  const { code, last } = await runProgram(['sh', '-c', 'seq 30; echo oh >&2; exit 4'], options);
  assert.equal(code, 4);
  assert.equal(told.length, 31);
  assert.equal(last.length, 20);
  assert.equal((await runProgram(['drydock-no-such-program'], options)).code, 127);
});
