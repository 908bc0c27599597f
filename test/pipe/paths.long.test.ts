import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  linkSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { DrydockError } from '#contract';
import { openWorkbench } from './support/workbench.ts';

const FILES = {
  'compose.yaml': 'name: a\n',
  'gateway/server.ts': 'listen();\n',
  'gateway/.hidden': 'x',
  '.git/config': 'x',
};

/** A folder beside every workspace, whose content nobody may reach through one. */
const outside = await mkdtemp(join(tmpdir(), 'drydock-outside-'));
after(() => rm(outside, { recursive: true }));
writeFileSync(join(outside, 'canary'), 'canary');

const refused = (name: string) => (error: unknown) => error instanceof DrydockError && error.name === name;

for (const path of [
  '../canary',
  '/etc/passwd',
  'a/../../canary',
  './a',
  'a//b',
  'a/',
  '',
  'a\0b',
  'a/../../../../../../etc/shadow',
  '%2e%2e/canary',
  '..%2fcanary',
  '..\\canary',
  `${'x'.repeat(300)}`,
  `${'x/'.repeat(3000)}x`,
]) {
  test(`F1 the path ${JSON.stringify(path).slice(0, 30)} is refused`, async () => {
    await using workbench = await openWorkbench(FILES);
    const began = performance.now();
    await assert.rejects(workbench.pipe.read(path), DrydockError);
    // A name with a percent sign or a backslash in it is a name; what it may not be is a way out.
    const written = await workbench.pipe.write({ path, content: 'x', version: null }).catch((error) => error);
    assert.ok(written instanceof DrydockError || /[%\\]/.test(path), path);
    assert.ok(performance.now() - began < 1000);
    assert.deepEqual(readdirSync(outside), ['canary']);
    // The agent goes on.
    await workbench.pipe.snapshot().catch((error) => assert.ok(error instanceof DrydockError));
    assert.equal(readFileSync(join(workbench.root, 'compose.yaml'), 'utf8'), FILES['compose.yaml']);
  });
}

test('F1 control: a plain path is read and written', async () => {
  await using workbench = await openWorkbench(FILES);
  await workbench.pipe.write({ path: 'x'.repeat(255), content: 'x', version: null });
  assert.equal((await workbench.pipe.read('x'.repeat(255))).content, 'x');
});

test('F1 a pipe, a folder, a socket and a device are no files: refused at once, without blocking', async () => {
  await using workbench = await openWorkbench({ 'folder/a': 'x' });
  execFileSync('/usr/bin/mkfifo', [join(workbench.root, 'queue')]);
  const socket = createServer().listen(join(workbench.root, 'socket'));
  symlinkSync('/dev', join(workbench.root, 'dev'));
  const started = performance.now();
  await assert.rejects(workbench.pipe.read('queue'), refused('bad-request'));
  await assert.rejects(workbench.pipe.read('folder'), refused('bad-request'));
  await assert.rejects(workbench.pipe.read('socket'), refused('bad-request'));
  await assert.rejects(workbench.pipe.read('dev/zero'), refused('bad-request'));
  socket.close();
  await assert.rejects(workbench.pipe.read('missing'), refused('no-such-file'));
  assert.ok(performance.now() - started < 1000);
  assert.deepEqual(
    (await workbench.pipe.list()).map(({ path }) => path),
    ['folder/a'],
  );
});

test('F2 no link leads out of the workspace: to a file, to a folder, through itself or to nothing', async () => {
  await using workbench = await openWorkbench(FILES);
  const { pipe, root } = workbench;
  symlinkSync(join(outside, 'canary'), join(root, 'file'));
  symlinkSync(outside, join(root, 'folder'));
  symlinkSync('loop', join(root, 'loop'));
  symlinkSync(join(outside, 'nothing'), join(root, 'dangling'));
  symlinkSync('/proc/self/root', join(root, 'self'));
  for (const path of [
    'file',
    'folder/canary',
    'folder/made',
    'folder/deep/made',
    'loop',
    'dangling',
    'self/etc/passwd',
  ]) {
    await assert.rejects(pipe.read(path), DrydockError, path);
    await assert.rejects(pipe.write({ path, content: 'reached', version: null }), DrydockError, path);
  }
  assert.deepEqual(readdirSync(outside), ['canary'], 'nothing was made outside');
  assert.equal(readFileSync(join(outside, 'canary'), 'utf8'), 'canary');
  assert.deepEqual(
    (await pipe.list()).map(({ path }) => path),
    ['compose.yaml', 'gateway/server.ts'],
  );
});

test('F2 control: links inside the workspace are followed in folders, and a hard link is a file', async () => {
  await using workbench = await openWorkbench(FILES);
  symlinkSync('gateway', join(workbench.root, 'alias'));
  linkSync(join(workbench.root, 'compose.yaml'), join(workbench.root, 'hard'));
  assert.equal((await workbench.pipe.read('alias/server.ts')).content, 'listen();\n');
  assert.equal((await workbench.pipe.read('hard')).content, 'name: a\n');
});

/**
 * Files read and written `times` each through a folder that is now a folder, now a link out of the workspace, changed
 * as fast as it goes; `way` does one of each.
 */
async function throughASwappedFolder(root: string, times: number, way: (path: string) => Promise<string>) {
  const swap = join(import.meta.dirname, 'support/swap-folder.ts');
  const swapping = spawn(process.execPath, [swap, join(root, 'place'), outside], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(swapping, 'close');
  await once(swapping.stdout, 'data');
  const seen = new Map<string, number>();
  try {
    for (let done = 0; done < times; done += 50) {
      const results = await Promise.all(Array.from({ length: 50 }, () => way('place/canary').catch(() => 'refused')));
      for (const result of results) seen.set(result, (seen.get(result) ?? 0) + 1);
    }
    assert.equal(swapping.exitCode, null, 'it was swapped to the end');
  } finally {
    swapping.kill();
    await ended;
  }
  return seen;
}

test('F3 of 10 000 reads and writes through a folder that becomes a link and back, none reaches outside', async () => {
  await using workbench = await openWorkbench({ 'place/canary': 'inside' });
  const { pipe, root } = workbench;
  const seen = await throughASwappedFolder(root, 10_000, async (path) => {
    const { content, version } = await pipe.read(path);
    await pipe.write({ path, content: 'inside', version });
    return content;
  });
  assert.ok((seen.get('inside') ?? 0) > 100, `inside ${seen.get('inside')} times`);
  assert.ok((seen.get('refused') ?? 0) > 100, `refused ${seen.get('refused')} times`);
  assert.deepEqual([...seen.keys()].sort(), ['inside', 'refused']);
  assert.equal(readFileSync(join(outside, 'canary'), 'utf8'), 'canary');
  assert.deepEqual(readdirSync(outside), ['canary'], 'nothing was made outside');
});

test('F3 control: asking where a folder is, and opening it by its name afterwards, reaches outside', async () => {
  await using workbench = await openWorkbench({ 'place/canary': 'inside' });
  const { root } = workbench;
  const seen = await throughASwappedFolder(root, 10_000, async (path) => {
    const folder = await realpath(join(root, 'place'));
    if (folder !== join(root, 'place')) return 'refused';
    return await readFile(join(root, path), 'utf8');
  });
  assert.ok((seen.get('canary') ?? 0) > 0, JSON.stringify([...seen]));
});

test('F5 what is called tar, sh, xz or node in the workspace is a file like any other, and never run', async () => {
  const canary = join(outside, 'ran');
  const trojan = `#!/bin/sh\necho ran > ${canary}\n`;
  await using workbench = await openWorkbench({ a: 'x' });
  const { pipe, root } = workbench;
  const names = ['tar', 'sh', 'xz', 'unpigz', 'gzip', 'node'];
  await pipe.put(new Map(names.map((name) => [name, Buffer.from(trojan)])));
  for (const name of names) chmodSync(join(root, name), 0o755);
  assert.equal((await pipe.snapshot()).size, 7);
  assert.equal((await pipe.list()).length, 7);
  assert.equal((await pipe.read('tar')).content, trojan);
  assert.ok(!existsSync(canary));
  // Control: who runs it is caught.
  execFileSync(join(root, 'tar'));
  assert.ok(existsSync(canary));
  rmSync(canary);
});
