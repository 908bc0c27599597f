import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WIDE_COMPOSE } from '../../core/support/wide-lab.ts';
import { wideLaunch, workspace } from './support/wide-launch.ts';

type Wide = Awaited<ReturnType<typeof wideLaunch>>;

const NEW = workspace({ 'gateway/server.ts': '// new' });
const signals = ({ calls }: Wide) => calls.filter((call) => call.startsWith('SIG'));
const served = (lab: Wide, generation: number) => lab.file(`gateway-${generation}-files-0`, 'server.ts');

test('a service that reloads gets its new files and its signal, and its container stays', async () => {
  const lab = await wideLaunch();
  const before = lab.container('gateway');
  assert.deepEqual(await lab.apply(NEW), ['gateway']);
  assert.equal(lab.container('gateway'), before);
  assert.deepEqual(signals(lab), ['SIGHUP drydock-0123456789abcdef-gateway-1']);
  assert.equal(served(lab, 1), '// new');
  assert.deepEqual(await lab.apply(NEW), [], 'and is known to run them');
  assert.deepEqual(await lab.apply(workspace()), ['gateway'], 'back again');
  assert.equal(lab.container('gateway'), before);
  assert.deepEqual(await lab.at('gateway'), ['gateway-1', 'proxy-1'], 'and no container of the work is left');
});

for (const [name, files] of Object.entries({
  'more than files has changed': workspace({
    'gateway/server.ts': '// new',
    'compose.yaml': WIDE_COMPOSE.replace('command: [node, server.ts]', 'command: [node, other.ts]'),
  }),
  'a file is gone': workspace({ 'gateway/server.ts': null, 'gateway/other.ts': '// new' }),
})) {
  test(`a service that reloads is replaced where ${name}`, async () => {
    const lab = await wideLaunch();
    const before = lab.container('gateway');
    assert.deepEqual(await lab.apply(files), ['gateway']);
    assert.notEqual(lab.container('gateway'), before);
    assert.deepEqual(signals(lab), []);
    assert.equal(served(lab, 1), undefined, 'the old files are gone');
  });
}

test('control: a service the lab names no signal for is replaced', async () => {
  const lab = await wideLaunch();
  const before = lab.container('proxy');
  assert.deepEqual(await lab.apply(workspace({ 'proxy/proxy.cfg': 'new' })), ['proxy']);
  assert.notEqual(lab.container('proxy'), before);
  assert.deepEqual(signals(lab), []);
});

test('a service that the signal ends is replaced, with the new files', async () => {
  const lab = await wideLaunch();
  const before = lab.container('gateway');
  lab.before(async (call, id) => {
    if (call === 'killContainer') await lab.memory.killContainer(String(id), 'SIGKILL');
  });
  assert.deepEqual(await lab.apply(NEW), ['gateway']);
  assert.notEqual(lab.container('gateway'), before);
  const { generation = 0 } = lab.launch.services.get('gateway') ?? {};
  assert.equal(served(lab, generation), '// new');
  assert.deepEqual(await lab.apply(NEW), []);
  const names = await lab.volumesOf('gateway');
  assert.deepEqual(names.sort(), [`gateway-${generation}-files-0`, `gateway-${generation}-secrets`]);
});

test('the next runner knows what a service reloaded, although the label of its container cannot say it', async () => {
  const lab = await wideLaunch();
  await lab.apply(NEW);
  const next = await lab.adopt(NEW);
  assert.deepEqual(await next.apply(NEW), []);
  const before = lab.container('gateway');
  assert.deepEqual(await next.apply(workspace()), ['gateway']);
  assert.equal(next.found?.services.get('gateway')?.container, before, 'it reloads again');
});

test('a reload that is cut short leaves a service of which the next runner knows nothing, and replaces it', async () => {
  for (const cut of ['createContainer', 'killContainer', 'second note'] as const) {
    const lab = await wideLaunch();
    let notes = 0;
    lab.before((call, spec) => {
      const noted = call === 'createVolume' && (spec as { name: string }).name.includes('-note-') && ++notes === 2;
      // The runner is no more: this call never ends, and none comes after it.
      if (call === cut || (noted && cut === 'second note')) return new Promise(() => undefined);
    });
    void lab.apply(NEW);
    await new Promise((resolve) => setTimeout(resolve, 400));
    lab.before(() => undefined);
    const next = await lab.adopt(workspace());
    assert.equal(next.found?.services.get('gateway')?.fingerprint, '', cut);
    assert.deepEqual(await next.apply(workspace()), ['gateway'], cut);
    assert.notEqual(next.found?.services.get('gateway')?.container, lab.container('gateway'), cut);
  }
});
