import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { DrydockError } from '#contract';
import { APP, LABEL } from '../../../runner/core/labels/labels.ts';
import { hostConfig } from '../../../runner/core/policy/host-config.ts';
import type { ContainerSpec, Engine } from '../../../runner/core/ports/engine.ts';
import { DEFAULT_ADDRESS } from '../../../runner/engine/connect.ts';
import { DEADLINE } from '../../../runner/engine/docker/call.ts';
import { dockerEngine } from '../../../runner/engine/docker/docker-engine.ts';
import { dockerImageEngine } from '../../../runner/engine/images/docker-image-engine.ts';
import { resolveImages } from '../../../runner/engine/images/resolve-images.ts';
import { packTar } from '../../../runner/session/launch/pack-tar.ts';
import { ROOT } from '../support/course.ts';
import { chaosProxy, type Toxic } from './support/chaos-proxy.ts';

const SOCKET = 'socketPath' in DEFAULT_ADDRESS ? DEFAULT_ADDRESS.socketPath : '';
/** What a call may take beyond its deadline on a busy machine; some ask a short question first. */
const MARGIN_MS = DEADLINE.ask + 5_000;
const LONGEST_TURN_MS = 250;
const direct = dockerEngine();
const labels = { [LABEL.app]: APP, [LABEL.owner]: `test-chaos-${randomBytes(4).toString('hex')}` };
const unhandled: unknown[] = [];
let container: string;

const spec = (name: string, image: string): ContainerSpec => ({
  name,
  image,
  labels,
  command: ['/bin/sleep', 'infinity'],
  env: {},
  user: '65534',
  workingDir: '/',
  interactive: false,
  hostConfig: hostConfig('checker', { network: { kind: 'none' }, mounts: [], ipv6: false, appArmor: false }),
  endpoints: [],
});

before(async () => {
  process.on('unhandledRejection', (reason) => unhandled.push(reason));
  const image = await resolveImages(ROOT, dockerImageEngine(DEFAULT_ADDRESS));
  container = await direct.createContainer(spec(`${labels[LABEL.owner]}`, image('base')));
  await direct.startContainer(container);
});

after(async () => {
  const { containers, networks, volumes } = await direct.list(labels);
  await Promise.all(containers.map(({ id }) => direct.removeContainer(id)));
  await Promise.all(networks.map(({ id }) => direct.removeNetwork(id)));
  await Promise.all(volumes.map(({ name }) => direct.removeVolume(name)));
});

/** Every call of the port, with its deadline; those that make something are refused by the engine itself. */
const CALLS: Record<string, [milliseconds: number, call: (engine: Engine) => Promise<unknown>]> = {
  facts: [DEADLINE.ask, (engine) => engine.facts()],
  subnets: [DEADLINE.ask, (engine) => engine.subnets()],
  list: [DEADLINE.ask, (engine) => engine.list(labels)],
  image: [DEADLINE.ask, (engine) => engine.image('drydock-test/none:none')],
  inspectContainer: [DEADLINE.ask, (engine) => engine.inspectContainer(container)],
  logs: [DEADLINE.ask, (engine) => engine.logs(container, 5)],
  attach: [DEADLINE.ask, (engine) => engine.attach('no-such-container')],
  waitContainer: [DEADLINE.ask, (engine) => engine.waitContainer('no-such-container')],
  createNetwork: [
    DEADLINE.make,
    (engine) => engine.createNetwork({ name: 'no-such-network', subnet: 'none', bridge: 'none', labels }),
  ],
  createVolume: [DEADLINE.make, (engine) => engine.createVolume({ name: `${labels[LABEL.owner]}`, labels })],
  createContainer: [
    DEADLINE.make,
    (engine) => engine.createContainer(spec('no-such-container', 'drydock-test/none:none')),
  ],
  startContainer: [DEADLINE.make, (engine) => engine.startContainer('no-such-container')],
  putFiles: [DEADLINE.put, async (engine) => engine.putFiles('no-such-container', '/', await packTar([]))],
  exec: [DEADLINE.make, (engine) => engine.exec('no-such-container', { argv: ['/bin/true'], user: '1' })],
  killContainer: [DEADLINE.remove, (engine) => engine.killContainer('no-such-container', 'SIGTERM')],
  removeContainer: [DEADLINE.remove, (engine) => engine.removeContainer('no-such-container')],
  removeNetwork: [DEADLINE.remove, (engine) => engine.removeNetwork('no-such-network')],
  removeVolume: [DEADLINE.remove, (engine) => engine.removeVolume('no-such-volume')],
};

/** How every call ends behind a toxic: the name of its error, or null. Throws where one is late or fails otherwise. */
async function endings(toxic: Toxic | null): Promise<Record<string, string | null>> {
  await using proxy = await chaosProxy(SOCKET, toxic);
  const engine = dockerEngine({ address: proxy.address, concurrency: 4 });
  const ends = Object.entries(CALLS).map(async ([name, [deadline, call]]) => {
    const began = performance.now();
    const error = await call(engine).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    const took = performance.now() - began;
    assert.ok(took < deadline + MARGIN_MS, `${name} took ${Math.round(took)} ms`);
    assert.ok(error === null || error instanceof DrydockError, `${name}: ${error}`);
    return [name, error?.name ?? null] as const;
  });
  return Object.fromEntries(await Promise.all(ends));
}

/**
 * The longest the loop was held up by work since, in milliseconds of this thread's processor time: by the clock, a
 * machine that is busy with something else would count too.
 */
function longestTurn(): () => number {
  let longest = 0;
  const busy = () => process.threadCpuUsage().user / 1000;
  let last = busy();
  const beat = () => {
    const now = busy();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const timer = setInterval(beat, 5);
  return () => {
    clearInterval(timer);
    beat();
    return longest;
  };
}

function requireTurns(longest: number): void {
  assert.ok(longest < LONGEST_TURN_MS, `the loop was held up for ${Math.round(longest)} ms`);
}

const all = (name: string) => Object.fromEntries(Object.keys(CALLS).map((call) => [call, name]));

describe('L5 behind a connection that', { concurrency: true }, () => {
  const TOXICS: Record<string, Toxic> = {
    'says nothing': { kind: 'hang', bytes: 0 },
    'breaks off in the header of each answer and stays silent': { kind: 'hang', bytes: 40 },
    'gives a byte every half second': { kind: 'slow', milliseconds: 500 },
    'ends before each answer': { kind: 'truncate', bytes: 0 },
    'ends in the header of each answer': { kind: 'truncate', bytes: 40 },
    'is reset before each answer': { kind: 'reset', bytes: 0 },
    'is reset in the header of each answer': { kind: 'reset', bytes: 40 },
  };
  for (const [how, toxic] of Object.entries(TOXICS)) {
    test(`${how}, every call fails by its deadline, and the loop is not held up`, async () => {
      const longest = longestTurn();
      assert.deepEqual(await endings(toxic), all('engine-unavailable'));
      requireTurns(longest());
    });
  }

  for (const kind of ['reset', 'truncate'] as const) {
    test(`a stream under way is ${kind === 'reset' ? 'reset' : 'cut'}: its reader hears of it, there is no exit code, and nothing is left hanging`, async () => {
      await using proxy = await chaosProxy(SOCKET, { kind, bytes: 300_001 });
      const engine = dockerEngine({ address: proxy.address });
      const channel = await engine.exec(container, { argv: ['/bin/cat', '/dev/zero'], user: '65534' });
      let read = 0;
      await assert.rejects(
        async () => {
          for await (const { bytes } of channel.output) read += bytes.length;
        },
        { name: 'engine-unavailable' },
      );
      assert.ok(read > 0);
      await assert.rejects(channel.exitCode(), { name: 'engine-unavailable' });
    });
  }
});

test('L5 control: behind a connection that is only late every call ends as it does without anything in between', async () => {
  const asEver = await endings(null);
  assert.deepEqual(await endings({ kind: 'latency', milliseconds: 100 }), asEver);
  assert.ok(Object.values(asEver).includes(null) && !Object.values(asEver).includes('engine-unavailable'));
});

test('L5 control: work that holds the loop up is found', async () => {
  const longest = longestTurn();
  const { user } = process.threadCpuUsage();
  while (process.threadCpuUsage().user - user < 2 * LONGEST_TURN_MS * 1000);
  assert.throws(() => requireTurns(longest()), /held up/);
});

test('L5 nothing of it was rejected with nobody there to hear', async () => {
  assert.deepEqual(unhandled, []);
  assert.equal((await direct.inspectContainer(container))?.running, true, 'and the engine is as it was');
});
