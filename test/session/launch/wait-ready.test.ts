import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { hostConfig } from '../../../runner/core/policy/host-config.ts';
import { memoryEngine } from '../../../runner/engine/memory/memory-engine.ts';
import type { Program } from '../../../runner/engine/memory/program.ts';
import { waitReady } from '../../../runner/session/launch/wait-ready.ts';

/** Waits for a service whose holder's tool is `ready`. */
async function waitWith(ready: Program, question: Parameters<typeof waitReady>[1]['ready']) {
  const engine = memoryEngine({
    programs: {
      '/opt/drydock/ready': ready,
      '/bin/service': async (io) => {
        await io.write(Buffer.from('one\ntwo\n'));
        return 1;
      },
    },
  });
  const run = async (name: string, command: string[]) => {
    const id = await engine.createContainer({
      name,
      image: 'any',
      labels: {},
      command,
      env: {},
      user: '',
      workingDir: '/',
      interactive: false,
      hostConfig: hostConfig('holder', { network: { kind: 'none' }, mounts: [], ipv6: false, appArmor: false }),
      endpoints: [],
    });
    await engine.startContainer(id);
    return id;
  };
  const [holder, container] = [await run('holder', ['/bin/sleep', 'infinity']), await run('service', ['/bin/service'])];
  return waitReady(engine, { name: 'gateway', container, holder, ready: question }, 3);
}

test('the holder is asked at its own loopback, as the lab says, with the time there is', async () => {
  const asked: (readonly string[])[] = [];
  const remember: Program = async ({ argv, user }) => {
    asked.push([user, ...argv.slice(1)]);
    return 0;
  };
  await waitWith(remember, { kind: 'http', port: 8080, path: '/healthz' });
  await waitWith(remember, { kind: 'tcp', port: 9000 });
  await waitWith(remember, { kind: 'postgres', port: 5432 });
  assert.deepEqual(asked, [
    ['65534:65534', 'http', '8080', '/healthz', '3'],
    ['65534:65534', 'tcp', '9000', '3'],
    ['65534:65534', 'postgres', '5432', '3'],
  ]);
});

test('a service that never answers is told with the reason and its last lines', async () => {
  const refuse: Program = async (io) => {
    await io.write(Buffer.from('status 502\n'));
    return 1;
  };
  await assert.rejects(waitWith(refuse, { kind: 'tcp', port: 80 }), {
    name: 'service-not-ready',
    message: 'gateway was started but did not answer within 3 s (status 502). Its last lines:\none\ntwo',
  });
});

test('L5 a stream that stalls does not hold the start for ever', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const begun = Promise.withResolvers<void>();
  const mute: Program = () => {
    begun.resolve();
    return new Promise(() => undefined);
  };
  let ended: unknown = null;
  const waiting = waitWith(mute, { kind: 'tcp', port: 80 }).catch((error: unknown) => {
    ended = error;
  });
  await begun.promise;
  await setImmediate();
  t.mock.timers.tick(3_000);
  await setImmediate();
  assert.equal(ended, null, 'the tool has its own time first');
  t.mock.timers.tick(5_000);
  await setImmediate();
  assert.equal((ended as Error | null)?.name, 'engine-unavailable');
  await waiting;
});
