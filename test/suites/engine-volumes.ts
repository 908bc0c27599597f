import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { type EngineFixture, mount, named, outcome, tarOf, test } from './engine-fixture.ts';

const LIMIT = { bytes: 1024 * 1024, inodes: 64 };

export function engineVolumes({ engine, labels, volume, container, running }: EngineFixture): void {
  const cat = async (id: string, path: string) =>
    outcome(await engine.exec(id, { argv: ['/bin/cat', path], user: '10001:10001' }));

  test('files put through a container that never starts are read by another, which cannot write them', async () => {
    const files = await volume();
    const filer = await container({ role: 'filer', mounts: [mount(files, '/srv/app', 'read-write')] });
    await engine.putFiles(filer, '/', await tarOf({ 'srv/app/lib/main.js': 'first' }));
    await engine.removeContainer(filer);
    const reader = await running({ mounts: [mount(files, '/srv/app', 'read-only')] });
    assert.equal((await cat(reader, '/srv/app/lib/main.js')).stdout.toString(), 'first');
    const write = await engine.exec(reader, {
      argv: ['/bin/sh', '-c', 'echo changed > /srv/app/lib/main.js'],
      user: '0',
    });
    assert.notEqual((await outcome(write)).code, 0);
    assert.equal((await cat(reader, '/srv/app/lib/main.js')).stdout.toString(), 'first');
  });

  test('control: the same write goes through where the volume is mounted read-write', async () => {
    const box = await running({ mounts: [mount(await volume(LIMIT), '/srv/app', 'read-write')] });
    const write = await engine.exec(box, { argv: ['/bin/sh', '-c', 'echo changed > /srv/app/main.js'], user: '10001' });
    assert.equal((await outcome(write)).code, 0);
    assert.equal((await cat(box, '/srv/app/main.js')).stdout.toString(), 'changed\n');
  });

  test('files are not put into a container that was started', async () => {
    const box = await running({ mounts: [mount(await volume(), '/srv/app', 'read-write')] });
    const tar = await tarOf({ 'main.js': 'late' });
    await assert.rejects(engine.putFiles(box, '/srv/app', tar), named('engine-refused', /never started/));
    await engine.killContainer(box, 'SIGKILL');
    await engine.waitContainer(box);
    await assert.rejects(engine.putFiles(box, '/srv/app', tar), named('engine-refused', /never started/));
  });

  test('a compressed archive never reaches the engine', async () => {
    const filer = await container({ role: 'filer', mounts: [mount(await volume(), '/srv/app', 'read-write')] });
    const tar = gzipSync(await tarOf({ 'main.js': 'squeezed' }));
    await assert.rejects(engine.putFiles(filer, '/srv/app', tar), named('engine-refused', /plain tar/));
  });

  test('a volume in use is not removed; one that is not there is', async () => {
    const files = await volume();
    const box = await container({ mounts: [mount(files, '/srv/app', 'read-write')] });
    await assert.rejects(engine.removeVolume(files), named('engine-refused', /in use/));
    await engine.removeContainer(box);
    await engine.removeVolume(files);
    await engine.removeVolume(files);
    const { volumes } = await engine.list(labels);
    assert.equal(
      volumes.find((one) => one.name === files),
      undefined,
    );
  });

  test('a volume with a limit forgets its files once nothing that runs mounts it', async () => {
    const data = await volume(LIMIT);
    const mounts = [mount(data, '/srv/data', 'read-write')];
    const [keeper, writer] = [await running({ mounts }), await running({ mounts })];
    await outcome(await engine.exec(writer, { argv: ['/bin/sh', '-c', 'echo kept > /srv/data/note'], user: '10001' }));
    await engine.removeContainer(writer);
    assert.equal((await cat(keeper, '/srv/data/note')).stdout.toString(), 'kept\n');
    await engine.removeContainer(keeper);
    assert.notEqual((await cat(await running({ mounts }), '/srv/data/note')).code, 0);
  });
}
