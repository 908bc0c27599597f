import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { type EngineFixture, named, test } from './engine-fixture.ts';

export function engineContainers({ engine, labels, name, container, running }: EngineFixture): void {
  test('facts name the node, a version and the machine', async () => {
    const facts = await engine.facts();
    assert.equal(facts.node, engine.node);
    assert.match(facts.version, /^\d+\.\d+/);
    assert.ok(facts.cpus > 0 && facts.memoryBytes > 0);
  });

  test('a container goes from created over running to removed, and inspect tells', async () => {
    const id = await container();
    const created = await engine.inspectContainer(id);
    assert.equal(created?.running, false);
    assert.equal(created?.exitCode, null);
    await engine.startContainer(id);
    const state = await engine.inspectContainer(id);
    assert.equal(state?.running, true);
    assert.equal(state?.user, '10001:10001');
    assert.deepEqual(state?.labels, labels);
    assert.equal(state?.hostConfig.PidsLimit, 128);
    await engine.removeContainer(id);
    assert.equal(await engine.inspectContainer(id), null);
  });

  test('starting what runs succeeds', async () => {
    const id = await running();
    await engine.startContainer(id);
  });

  test('removing a container that is not there succeeds, also many times at once', async () => {
    const id = await running();
    await Promise.all([engine.removeContainer(id), engine.removeContainer(id), engine.removeContainer(id)]);
    await engine.removeContainer(id);
    assert.equal(await engine.inspectContainer(id), null);
  });

  test("a name in use is refused in the engine's own words", async () => {
    const taken = name('twice');
    await container({ name: taken });
    await assert.rejects(container({ name: taken }), named('engine-refused', /already in use/));
  });

  test('list finds containers by all labels given, stopped ones too', async () => {
    const [stopped, runs] = [await container(), await running()];
    const { containers } = await engine.list(labels);
    const found = (id: string) => containers.find((one) => one.id === id)?.running;
    assert.equal(found(stopped), false);
    assert.equal(found(runs), true);
    const other = await engine.list({ ...labels, 'drydock.role': 'nobody' });
    assert.deepEqual(other, { containers: [], networks: [], volumes: [] });
  });

  test('a killed container has ended with the signal', async () => {
    const id = await running();
    const ended = engine.waitContainer(id);
    await engine.killContainer(id, 'SIGKILL');
    assert.equal(await ended, 137);
    const state = await engine.inspectContainer(id);
    assert.deepEqual([state?.running, state?.exitCode], [false, 137]);
    assert.equal(await engine.waitContainer(id), 137);
  });

  test('killing what does not run is refused', async () => {
    await assert.rejects(engine.killContainer(await container(), 'SIGKILL'), named('engine-refused', /not running/));
  });

  test('waiting begun before the start hears of the end', async () => {
    const id = await container({ command: ['/bin/sh', '-c', 'exit 5'] });
    const ended = engine.waitContainer(id);
    await pause(50);
    await engine.startContainer(id);
    assert.equal(await ended, 5);
  });

  test('logs are the last lines of both streams', async () => {
    const id = await running({ command: ['/bin/sh', '-c', 'echo one; echo two; echo three >&2'] });
    await engine.waitContainer(id);
    assert.deepEqual((await engine.logs(id, 10)).split('\n').sort(), ['', 'one', 'three', 'two']);
    assert.equal((await engine.logs(id, 1)).split('\n').length, 2);
  });
}
