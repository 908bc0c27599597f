import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { test } from 'node:test';
import { extract } from 'tar-stream';
import { type BuildSetup, buildImages, missingImages } from '../../../runner/engine/images/build-images.ts';
import type { BuildOrder, ImageEngine } from '../../../runner/engine/images/image-engine.ts';
import { ROOT_TAG } from '../../../runner/engine/images/root-image.ts';
import { dockerfile, imageRepo } from './support/image-repo.ts';

const FILES = {
  ...dockerfile('a', 'debian'),
  ...dockerfile('b', 'a'),
  ...dockerfile('c', 'a'),
  ...dockerfile('d', 'a'),
};

/** An engine that keeps tags and remembers what it was asked. */
function memoryImages(build: (order: BuildOrder, told: (line: string) => void) => Promise<void>) {
  const tags = new Set<string>();
  const files = new Map<string, string[]>();
  const seen = { running: 0, most: 0, begun: [] as string[], files, args: new Map<string, object>() };
  const engine: ImageEngine = {
    has: async (tag) => tags.has(tag),
    pull: async (_reference, as) => {
      tags.add(as);
      return true;
    },
    async build(order, told) {
      const name = /drydock\/(.+):/.exec(order.tag)?.[1] ?? '';
      seen.begun.push(name);
      seen.args.set(name, order.args);
      seen.most = Math.max(seen.most, ++seen.running);
      try {
        files.set(name, await entries(order.context));
        await build(order, told);
        tags.add(order.tag);
      } finally {
        seen.running--;
      }
    },
    import: async () => assert.fail('a registry answered'),
    save: async () => {},
    load: async () => {},
    list: async () => [],
    removeAll: async () => 0,
  };
  return { engine, tags, seen };
}

async function entries(tar: Readable): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of tar.pipe(extract())) {
    found.push(`${entry.header.name} ${entry.header.mode?.toString(8)} ${entry.header.mtime?.getTime()}`);
    entry.resume();
  }
  return found;
}

function setup(root: string, engine: ImageEngine, lines: string[] = []): BuildSetup {
  const note = (what: string) => (step: string) => void lines.push(`${what} ${step}`);
  return {
    place: { root, cache: join(root, 'cache'), environment: process.env },
    engine,
    environment: process.env,
    needMmdebstrap: async () => {},
    progress: {
      plan: (steps) => void lines.push(`plan ${steps.join(', ')}`),
      start: note('start'),
      line: () => {},
      done: note('done'),
      failed: note('failed'),
    },
  };
}

const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 20));

test('parents are built before children, two at a time, each told its parent by tag', async () => {
  await using repo = await imageRepo(FILES);
  const { engine, tags, seen } = memoryImages(pause);
  const lines: string[] = [];
  assert.deepEqual(await buildImages(setup(repo.root, engine, lines)), ['debian', 'a', 'b', 'c', 'd']);
  assert.equal(lines[0], 'plan image debian, image a, image b, image c, image d');
  assert.equal(seen.begun[0], 'a');
  assert.equal(seen.most, 2);
  assert.deepEqual(seen.args.get('a'), { FROM_DEBIAN: ROOT_TAG });
  assert.deepEqual(seen.args.get('b'), { FROM_A: [...tags].find((tag) => tag.startsWith('drydock/a:')) });
  assert.deepEqual(seen.files.get('a'), ['Dockerfile 644 0', 'app.txt 644 0']);
});

test('what is there is not built again', async () => {
  await using repo = await imageRepo(FILES);
  const { engine, seen } = memoryImages(pause);
  await buildImages(setup(repo.root, engine));
  assert.deepEqual(await missingImages(repo.root, engine), []);
  assert.deepEqual(await buildImages(setup(repo.root, engine)), []);
  assert.equal(seen.begun.length, 4);
  await repo.write('labs/images/c/app.txt', 'new');
  assert.deepEqual(await buildImages(setup(repo.root, engine)), ['c']);
});

test('a failure begins nothing more, keeps what was finished, and says the step and the last 20 lines', async () => {
  await using repo = await imageRepo(FILES);
  const { engine, seen } = memoryImages(async (order, told) => {
    if (!order.tag.includes('/b:')) return pause();
    told('Step 3/9 : RUN apt-get install thing');
    for (let line = 1; line <= 30; line++) told(`line ${line}`);
    told('Step 4/9 : RUN false');
    throw new Error('The command returned a non-zero code: 1');
  });
  const lines: string[] = [];
  await assert.rejects(
    buildImages(setup(repo.root, engine, lines)),
    (error: Error & { exit: number; hint: string }) => {
      assert.equal(error.exit, 3);
      assert.match(
        error.message,
        /^The image b could not be built\. It stopped at: Step 4\/9 : RUN false\nThe command returned a non-zero code: 1\n/,
      );
      assert.equal(error.message.match(/^ {2}/gm)?.length, 20);
      assert.match(error.hint, /images already built are kept/);
      return true;
    },
  );
  assert.ok(lines.includes('failed image b'));
  assert.deepEqual(seen.begun.includes('d'), false, 'd had to wait its turn and was not begun');
  assert.deepEqual(await missingImages(repo.root, engine), ['b', 'd']);
});

test('a full disk is named as such', async () => {
  await using repo = await imageRepo(dockerfile('a', 'debian'));
  const { engine } = memoryImages(() => Promise.reject(new Error('write /x: no space left on device')));
  await assert.rejects(buildImages(setup(repo.root, engine)), { hint: /The disk is full\. Free some space/ });
});
