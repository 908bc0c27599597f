import assert from 'node:assert/strict';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { after, test } from 'node:test';
import { pack } from 'tar-stream';
import { DEFAULT_ADDRESS } from '../../runner/engine/connect.ts';
import { client } from '../../runner/engine/docker/client.ts';
import { dockerImageEngine } from '../../runner/engine/images/docker-image-engine.ts';
import { removeImages } from '../../runner/engine/images/list-images.ts';

const engine = dockerImageEngine(DEFAULT_ADDRESS);
const ROOT = 'drydock-images-test/root:1';
const CHILD = 'drydock-images-test/child:1';
const NAMES = /^drydock-images-test\//;

/** A root file system with one file and no program: enough for COPY, and a RUN that must fail. */
function rootTar() {
  const tar = pack();
  tar.entry({ name: 'etc/hello' }, 'hello');
  tar.finalize();
  return tar.pipe(new PassThrough());
}

function context(dockerfile: string) {
  const tar = pack();
  tar.entry({ name: 'Dockerfile' }, dockerfile);
  tar.entry({ name: 'app.txt' }, 'app');
  tar.finalize();
  return tar.pipe(new PassThrough());
}

const removeOurs = () => removeImages(client(DEFAULT_ADDRESS), NAMES);
after(removeOurs);

test('a root file system is imported, built on, saved, removed and loaded again', async () => {
  await engine.import(rootTar(), ROOT);
  const lines: string[] = [];
  const dockerfile = ['ARG FROM_ROOT', 'FROM $FROM_ROOT', 'COPY app.txt /', 'CMD ["/app"]', ''].join('\n');
  await engine.build(
    { tag: CHILD, context: context(dockerfile), args: { FROM_ROOT: ROOT }, labels: { 'drydock.app': 'drydock' } },
    (line) => lines.push(line),
  );
  assert.ok(
    lines.some((line) => line.startsWith('Step 3/5 : COPY') || line.startsWith('Step 3/4 : COPY')),
    lines.join('\n'),
  );
  assert.ok(await engine.has(CHILD));

  const folder = await mkdtemp(join(tmpdir(), 'drydock-save-'));
  const file = join(folder, 'images.tar');
  try {
    await engine.save([ROOT, CHILD], createWriteStream(file));
    assert.ok((await stat(file)).size > 1000);
    assert.equal(await removeOurs(), 2);
    assert.ok(!(await engine.has(CHILD)));
    await engine.load(createReadStream(file), () => {});
    assert.ok((await engine.has(ROOT)) && (await engine.has(CHILD)));
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a build that fails says why and leaves no tag', async () => {
  await engine.import(rootTar(), ROOT);
  const tag = 'drydock-images-test/broken:1';
  const order = {
    tag,
    context: context(`FROM ${ROOT}\nCOPY app.txt /\nRUN ["/no/such/program"]\n`),
    args: {},
    labels: {},
  };
  await assert.rejects(
    engine.build(order, () => {}),
    { name: 'engine-refused', message: /no\/such\/program|no such file/ },
  );
  assert.ok(!(await engine.has(tag)));
});

test('a registry that does not answer is not waited for', async () => {
  const lines: string[] = [];
  const began = performance.now();
  const pulled = await engine.pull({ repository: 'registry.invalid/debian', tag: 'trixie-slim' }, ROOT, 2000, (line) =>
    lines.push(line),
  );
  assert.equal(pulled, false);
  assert.ok(performance.now() - began < 5000);
  assert.match(lines.at(-1) ?? '', /^No image registry\.invalid\/debian:trixie-slim from a registry: /);
});
