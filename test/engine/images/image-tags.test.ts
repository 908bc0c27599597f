import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { imageTags } from '../../../runner/engine/images/image-tags.ts';
import { resolveImages } from '../../../runner/engine/images/resolve-images.ts';
import { dockerfile, imageRepo } from './support/image-repo.ts';

const FILES = {
  ...dockerfile('base', 'debian'),
  ...dockerfile('node', 'base'),
  ...dockerfile('other', 'debian'),
};
const root = join(import.meta.dirname, '../../..');

test('equal files have equal tags, wherever they are', async () => {
  await using one = await imageRepo(FILES);
  await using other = await imageRepo(FILES);
  const tags = await imageTags(one.root);
  assert.deepEqual(tags, await imageTags(other.root));
  for (const [name, tag] of Object.entries(tags)) assert.match(tag, new RegExp(`^drydock/${name}:[0-9a-f]{12}$`));
});

const changes: Record<string, (repo: Awaited<ReturnType<typeof imageRepo>>) => Promise<void>> = {
  'a byte of a file': (repo) => repo.write('labs/images/base/app.txt', 'I am Base\n'),
  'the executable bit': (repo) =>
    repo.write('labs/images/base/app.txt', FILES['labs/images/base/app.txt'] ?? '', 0o755),
  'the Dockerfile': (repo) => repo.write('labs/images/base/Dockerfile', 'FROM x\n'),
};
for (const [what, change] of Object.entries(changes)) {
  test(`${what} changes the tag of its image and of those that stand on it, and no other`, async () => {
    await using repo = await imageRepo(FILES);
    const before = await imageTags(repo.root);
    await change(repo);
    const after = await imageTags(repo.root);
    assert.notEqual(after.base, before.base);
    assert.notEqual(after.node, before.node);
    assert.equal(after.other, before.other);
  });
}

test('what umask and git do not keep changes nothing', async () => {
  await using repo = await imageRepo(FILES);
  const before = await imageTags(repo.root);
  await repo.write('labs/images/base/app.txt', FILES['labs/images/base/app.txt'] ?? '', 0o664);
  assert.deepEqual(await imageTags(repo.root), before);
});

test('the lock file of packages counts, the packages themselves do not', async () => {
  await using repo = await imageRepo({
    ...FILES,
    'labs/images/base/image.json': '{"from":"debian","npm":"app","context":{"app":"app"}}',
    'app/package.json': '{}',
    'app/package-lock.json': '{}',
  });
  const before = await imageTags(repo.root);
  await repo.write('app/node_modules/x/index.js', 'x');
  assert.deepEqual(await imageTags(repo.root), before);
  await repo.write('app/package-lock.json', '{"lockfileVersion":3}');
  assert.notEqual((await imageTags(repo.root)).base, before.base);
});

test('an unknown parent, a circle and a missing file are named with their place', async () => {
  await using unknown = await imageRepo(dockerfile('base', 'nothing'));
  await assert.rejects(imageTags(unknown.root), {
    name: 'invalid-file',
    message: /base\/image\.json: "from" names "nothing"/,
  });
  await using circle = await imageRepo({ ...dockerfile('a', 'b'), ...dockerfile('b', 'a') });
  await assert.rejects(imageTags(circle.root), { name: 'invalid-file', message: /in a circle: a → b → a/ });
  await using missing = await imageRepo({
    ...FILES,
    'labs/images/base/image.json': '{"from":"debian","context":{"x":"not/there"}}',
  });
  await assert.rejects(imageTags(missing.root), {
    name: 'invalid-file',
    message: /names not\/there, and there is no such file/,
  });
  await using outside = await imageRepo({
    ...FILES,
    'labs/images/base/image.json': '{"from":"debian","context":{"x":"../../etc"}}',
  });
  await assert.rejects(imageTags(outside.root), { name: 'invalid-file', message: /inside the repository/ });
});

test("the course's own images resolve by either name, quickly", async () => {
  const began = performance.now();
  const image = await resolveImages(root);
  const took = performance.now() - began;
  assert.equal(image('drydock/node'), image('node'));
  assert.throws(() => image('drydock/nothing'), { name: 'image-missing' });
  assert.ok(took < 1000, `${took} ms; about 25 on an idle machine`);
});
