import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LABEL } from '../../../runner/core/labels/labels.ts';
import type { HeldSession } from '../../../runner/session/held-session.ts';
import { terminalPlace } from '../../../runner/session/terminal-place.ts';
import { marked, refusedPlaces } from '../../core/support/places.ts';
import { WIDE_COMPOSE, without } from '../../core/support/wide-lab.ts';
import { wideLaunch, workspace } from './support/wide-launch.ts';

const compose = (text: string) => workspace({ 'compose.yaml': text });

test('a service on several networks has an address on each, and its neighbours on one have none on the others', async () => {
  const { launch } = await wideLaunch();
  const addresses = (name: string) => launch.positions.get(name)?.addresses ?? {};
  assert.deepEqual(Object.keys(addresses('gateway')), ['front', 'back']);
  assert.deepEqual(Object.keys(addresses('reports')), ['back', 'store']);
  assert.deepEqual(Object.keys(addresses('queue')), ['store']);
  assert.deepEqual(Object.keys(addresses('outside-1')), ['front']);
  const all = [...launch.positions.keys()].flatMap((name) => Object.values(addresses(name)));
  assert.equal(new Set(all).size, all.length);
  assert.ok(
    all.every((address) => /^10\.213\.0\.\d+$/.test(address)),
    all.join(),
  );
});

test('a sidecar runs at the position of the service it stands before, a sensor at the one it listens at', async () => {
  const { launch, specs, at } = await wideLaunch();
  const networkOf = (service: string) =>
    specs.get(launch.services.get(service)?.container ?? '')?.hostConfig.NetworkMode;
  const holder = (position: string) => `container:${launch.positions.get(position)?.holder}`;
  assert.equal(networkOf('proxy'), holder('gateway'));
  assert.equal(networkOf('watcher'), holder('outside-2'));
  assert.deepEqual((await at('gateway')).sort(), ['gateway-1', 'proxy-1']);
  assert.deepEqual(await at('outside-2'), ['watcher-1']);
  assert.equal(launch.positions.has('proxy'), false);
});

test('each role of a lab gets its user, its limits and its folders', async () => {
  const { specs, container } = await wideLaunch();
  const of = (service: string) => specs.get(container(service));
  assert.equal(of('queue')?.user, '10006:10006');
  assert.equal(of('watcher')?.user, '0:0');
  assert.deepEqual(of('watcher')?.hostConfig.CapAdd, ['NET_RAW']);
  assert.deepEqual(of('watcher')?.command, ['/usr/bin/perl', '/app/watch.pl']);
  assert.equal(of('reports')?.user, '10020:10020');
  assert.deepEqual(of('reports')?.hostConfig.CapAdd, ['CHOWN']);
  assert.equal(of('reports')?.hostConfig.Memory, 96 * 2 ** 20);
  assert.deepEqual(Object.keys(of('reports')?.hostConfig.Tmpfs ?? {}).sort(), ['/app/cache', '/tmp']);
  assert.deepEqual(Object.keys(of('proxy')?.hostConfig.Tmpfs ?? {}).sort(), ['/run/proxy', '/tmp']);
});

test('a sidecar that the learner adds comes up at its position, and goes with all it had when it is taken out', async () => {
  const lab = await wideLaunch(compose(without('proxy')));
  assert.deepEqual(await lab.at('gateway'), ['gateway-1']);
  const gateway = lab.container('gateway');
  assert.deepEqual(await lab.apply(workspace()), ['proxy']);
  assert.deepEqual((await lab.at('gateway')).sort(), ['gateway-1', 'proxy-2']);
  assert.deepEqual(await lab.apply(compose(without('proxy'))), ['proxy']);
  assert.deepEqual(await lab.at('gateway'), ['gateway-1']);
  assert.deepEqual(await lab.volumesOf('proxy'), []);
  assert.equal(lab.launch.services.has('proxy'), false);
  assert.equal(lab.container('gateway'), gateway, 'the service itself was left alone');
  assert.deepEqual(await lab.apply(compose(without('proxy'))), []);
});

test('a sidecar or a sensor moves to another position on apply; what it leaves and joins stays', async () => {
  const lab = await wideLaunch();
  const others = ['gateway', 'reports'].map(lab.container);
  const moved = WIDE_COMPOSE.replace('service:gateway', 'service:reports').replace('outside-2', 'gateway');
  assert.deepEqual((await lab.apply(compose(moved))).sort(), ['proxy', 'watcher']);
  assert.equal((await lab.at('reports')).length, 2);
  assert.match((await lab.at('gateway')).sort().join(), /^gateway-1,watcher-\d$/);
  assert.deepEqual(['gateway', 'reports'].map(lab.container), others);
});

test('where a service and its sidecar trade ports, both old ones are gone before a new one starts', async () => {
  const lab = await wideLaunch();
  lab.calls.length = 0;
  const both = WIDE_COMPOSE.replace('command: [node, server.ts]', 'command: [node, inner.ts]');
  assert.deepEqual((await lab.apply(workspace({ 'compose.yaml': both, 'proxy/proxy.cfg': 'new' }))).sort(), [
    'gateway',
    'proxy',
  ]);
  const steps = lab.calls.map((call) => call.replace('drydock-0123456789abcdef-', ''));
  const last = Math.max(...['gateway-1', 'proxy-1'].map((name) => steps.indexOf(`removeContainer ${name}`)));
  const first = steps.findIndex((step) => /^startContainer (gateway|proxy)-/.test(step));
  assert.ok(last > 0 && first > last, steps.join('\n'));
});

for (const { name, text, says } of [
  {
    name: 'a network more',
    text: WIDE_COMPOSE.replace('  store:\n', '  store:\n  §other:\n'),
    says: /networks\.other/,
  },
  {
    name: 'a service on another network',
    text: WIDE_COMPOSE.replace('networks: [front, back]', '§networks: [front, store]'),
    says: /services\.gateway\.networks: when the lab opened it had back, front/,
  },
  {
    name: 'data elsewhere',
    text: WIDE_COMPOSE.replace('volumes:\n      - queue-data:/var/lib/nats', '§volumes:\n      - queue-data:/srv/nats'),
    says: /services\.queue\.volumes: when the lab opened it had queue-data:\/var\/lib\/nats/,
  },
]) {
  test(`an apply is refused before anything is touched, naming the place: ${name}`, async () => {
    const lab = await wideLaunch();
    lab.calls.length = 0;
    const { text: wrong, line, column } = marked(text);
    const error = await lab.apply(compose(wrong)).then(
      () => assert.fail('it was applied'),
      (error: unknown) => error,
    );
    const [place] = refusedPlaces(() => {
      throw error;
    });
    assert.deepEqual([place?.file, place?.line, place?.column], ['compose.yaml', line, column]);
    assert.match(place?.message ?? '', says);
    assert.deepEqual(lab.calls, []);
  });
}

test('the next runner finds sidecars and sensors again, does without one that is gone, and removes one nobody planned', async () => {
  const lab = await wideLaunch();
  const whole = await lab.adopt(workspace());
  assert.equal(whole.found?.services.get('proxy')?.container, lab.container('proxy'));
  assert.deepEqual(await whole.apply(workspace()), []);

  await lab.memory.removeContainer(lab.container('proxy'));
  const crippled = await lab.adopt(workspace());
  assert.equal(crippled.found?.services.has('proxy'), false);
  assert.deepEqual(await crippled.apply(workspace()), ['proxy']);

  const cut = await lab.adopt(compose(without('proxy', 'watcher')));
  assert.deepEqual([...(cut.found?.services.keys() ?? [])].sort(), ['gateway', 'queue', 'reports']);
  const { containers } = await lab.memory.list({ [LABEL.launch]: lab.launch.id });
  assert.deepEqual(
    containers.filter(({ labels }) => /^(sidecar|sensor)$/.test(labels[LABEL.role] ?? '')),
    [],
  );
});

test('S9 a shell in a sensor is not that of its user, who alone has the right to raw packets', async () => {
  const { launch, memory } = await wideLaunch();
  const held = { state: 'ready', launch } as HeldSession;
  const userOf = (service: string) => terminalPlace(memory, held, service).user;
  assert.equal(userOf('watcher'), '10001:10001');
  assert.deepEqual(['gateway', 'queue', 'reports'].map(userOf), ['10001:10001', '10006:10006', '10020:10020']);
});
