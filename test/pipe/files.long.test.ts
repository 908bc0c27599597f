import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { DrydockError } from '#contract';
import { openWorkbench } from './support/workbench.ts';

const FILES = {
  'compose.yaml': 'name: a\n',
  'gateway/server.ts': 'listen();\n',
  'gateway/.hidden': 'x',
  '.git/config': 'x',
};

const refused = (name: string) => (error: unknown) => error instanceof DrydockError && error.name === name;

test('files are listed with size and version, in order, hidden ones left out', async () => {
  await using workbench = await openWorkbench(FILES);
  const files = await workbench.pipe.list();
  assert.deepEqual(
    files.map(({ path, bytes }) => [path, bytes]),
    [
      ['compose.yaml', 8],
      ['gateway/server.ts', 10],
    ],
  );
  const { version, content } = await workbench.pipe.read('gateway/server.ts');
  assert.equal(version, files[1]?.version);
  assert.equal(content, 'listen();\n');
});

test('a file is written over the version that was read, and a new one where there was none', async () => {
  await using workbench = await openWorkbench(FILES);
  const { pipe, root } = workbench;
  const { version } = await pipe.read('compose.yaml');
  const written = await pipe.write({ path: 'compose.yaml', content: 'name: ü\n', version });
  assert.equal(readFileSync(join(root, 'compose.yaml'), 'utf8'), 'name: ü\n');
  assert.deepEqual(written, await pipe.read('compose.yaml'));
  await pipe.write({ path: 'new/folder/a.ts', content: '', version: null });
  assert.equal(readFileSync(join(root, 'new/folder/a.ts'), 'utf8'), '');
});

test('F7 of two writers who read the same version one is told that the file changed, and nothing is lost', async () => {
  await using workbench = await openWorkbench(FILES);
  const { pipe, root } = workbench;
  const { version } = await pipe.read('compose.yaml');
  const outcomes = await Promise.allSettled(
    ['one', 'two', 'three'].map((content) => pipe.write({ path: 'compose.yaml', content, version })),
  );
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected', 'rejected'],
  );
  await assert.rejects(pipe.write({ path: 'compose.yaml', content: 'x', version: null }), refused('file-changed'));
  assert.equal(readFileSync(join(root, 'compose.yaml'), 'utf8'), 'one');
  // Control: what was read afterwards can be written over.
  const now = await pipe.read('compose.yaml');
  await pipe.write({ path: 'compose.yaml', content: 'two', version: now.version });
});

test('F7 a file is old or new, never half, and nothing is left beside it', async () => {
  await using workbench = await openWorkbench({ 'a.txt': 'a'.repeat(500_000) });
  const { pipe, root } = workbench;
  const seen = new Set<string>();
  const { version } = await pipe.read('a.txt');
  const writing = pipe.write({ path: 'a.txt', content: 'b'.repeat(500_000), version });
  let done = false;
  void writing.then(() => (done = true));
  while (!done) {
    const text = readFileSync(join(root, 'a.txt'), 'utf8');
    seen.add(`${text[0]} ${text.length} ${new Set(text).size}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await writing;
  assert.ok(
    [...seen].every((state) => ['a 500000 1', 'b 500000 1'].includes(state)),
    [...seen].join(),
  );
  assert.deepEqual(readdirSync(root), ['a.txt']);
});

test('a snapshot has every file as it is, text or not', async () => {
  const bytes = Buffer.from(Array.from({ length: 1_048_576 }, (_, index) => index & 0xff));
  await using workbench = await openWorkbench(FILES);
  writeFileSync(join(workbench.root, 'gateway/key.bin'), bytes);
  const files = await workbench.pipe.snapshot();
  assert.deepEqual([...files.keys()], ['compose.yaml', 'gateway/key.bin', 'gateway/server.ts']);
  assert.ok(files.get('gateway/key.bin')?.equals(bytes));
  await assert.rejects(workbench.pipe.read('gateway/key.bin'), refused('bad-request'));
});

test('files put are what they are to be, whatever was there, and those put as nothing are gone', async () => {
  await using workbench = await openWorkbench(FILES);
  await workbench.pipe.put(
    new Map([
      ['compose.yaml', Buffer.from('other')],
      ['gateway/server.ts', null],
      ['new/a', Buffer.of(0, 255)],
    ]),
  );
  const files = await workbench.pipe.snapshot();
  assert.deepEqual(
    [...files].map(([path, content]) => [path, content.toString('latin1')]),
    [
      ['compose.yaml', 'other'],
      ['new/a', '\0\xff'],
    ],
  );
  await assert.rejects(workbench.pipe.put(new Map([['../canary', null]])), refused('bad-request'));
});

test('F7 an agent that is killed while it saves leaves the file old or new, never half', async () => {
  const [old, fresh] = ['a'.repeat(1_000_000), 'b'.repeat(1_000_000)];
  const seen = new Set<string>();
  for (let round = 0; round < 16; round++) {
    const workbench = await openWorkbench({ 'a.txt': old });
    const { version } = await workbench.pipe.read('a.txt');
    const writing = workbench.pipe.write({ path: 'a.txt', content: fresh, version });
    writing.catch(() => undefined);
    await pause(round * 10);
    process.kill(workbench.channel.pid, 'SIGKILL');
    await workbench.pipe.closed;
    const text = readFileSync(join(workbench.root, 'a.txt'), 'utf8');
    seen.add(text === old ? 'old' : text === fresh ? 'new' : 'half');
    await workbench[Symbol.asyncDispose]();
  }
  assert.deepEqual([...seen].sort(), ['new', 'old'], 'control: it was killed before and after');
});

test('reading makes nothing', async () => {
  await using workbench = await openWorkbench(FILES);
  await assert.rejects(workbench.pipe.read('no/such/file'), refused('no-such-file'));
  assert.ok(!existsSync(join(workbench.root, 'no')));
});

test('F4 what is too large is refused, when it is read and when it is written', async () => {
  await using workbench = await openWorkbench(FILES);
  const { pipe, root } = workbench;
  const mebibyte = 'x'.repeat(1_048_576);
  await pipe.write({ path: 'full', content: mebibyte, version: null });
  assert.equal((await pipe.read('full')).content.length, 1_048_576);
  await assert.rejects(pipe.write({ path: 'over', content: `${mebibyte}x`, version: null }), refused('too-large'));
  assert.ok(!existsSync(join(root, 'over')), 'or no snapshot could be taken any more');
  execFileSync('/usr/bin/truncate', ['-s', '10G', join(root, 'sparse')]);
  assert.equal(statSync(join(root, 'sparse')).size, 10 * 2 ** 30);
  await assert.rejects(pipe.read('sparse'), refused('too-large'));
  await assert.rejects(pipe.snapshot(), refused('too-large'));
});

test('F4 more files, or deeper folders, than a workspace may have are refused', async () => {
  await using many = await openWorkbench(
    Object.fromEntries(Array.from({ length: 2001 }, (_, index) => [`f${index}`, ''])),
  );
  await assert.rejects(many.pipe.snapshot(), refused('too-large'));
  await using deep = await openWorkbench({});
  await mkdir(join(deep.root, 'd/'.repeat(20)), { recursive: true });
  await assert.rejects(deep.pipe.list(), refused('too-large'));
});

test('a change in the workspace is told, and quiet is not', async () => {
  await using workbench = await openWorkbench(FILES);
  await new Promise((resolve) => setTimeout(resolve, 2500));
  assert.equal(workbench.changes(), 0);
  writeFileSync(join(workbench.root, 'compose.yaml'), 'name: b\n');
  const until = performance.now() + 5000;
  while (workbench.changes() === 0 && performance.now() < until)
    await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(workbench.changes(), 1);
});

test('the agent ends with its pipe', async () => {
  const workbench = await openWorkbench(FILES);
  const { pid } = workbench.channel;
  workbench.channel.endInput();
  await workbench.pipe.closed;
  assert.equal(await workbench.channel.exitCode(), 0);
  assert.throws(() => process.kill(pid, 0), /ESRCH/);
  await assert.rejects(workbench.pipe.list(), DrydockError);
  await workbench[Symbol.asyncDispose]();
});
