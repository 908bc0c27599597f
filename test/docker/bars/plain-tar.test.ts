import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { access, rm } from 'node:fs/promises';
import { after, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { hostConfig } from '../../../runner/core/policy/host-config.ts';
import { DEFAULT_ADDRESS } from '../../../runner/engine/connect.ts';
import { client } from '../../../runner/engine/docker/client.ts';
import { dockerEngine } from '../../../runner/engine/docker/docker-engine.ts';
import { packTar } from '../../../runner/session/launch/pack-tar.ts';
import { course, USER } from '../support/course.ts';
import { type Put, recordingProxy } from './support/recording-proxy.ts';

assert.ok('socketPath' in DEFAULT_ADDRESS);
const proxy = await recordingProxy(DEFAULT_ADDRESS.socketPath);
const rig = await course((docker) => {
  const { putFiles } = dockerEngine({ address: { socketPath: proxy.socketPath } });
  return { ...docker, putFiles };
});
after(() => proxy[Symbol.asyncDispose]());

/** What a program that ran with the engine's rights would leave on the host; the same path inside a container is another file. */
const canary = `/var/tmp/drydock-canary-${randomBytes(6).toString('hex')}`;
const PROGRAMS = ['tar', 'sh', 'xz', 'unpigz', 'gzip', 'gunzip', 'bzip2', 'zstd'];
const TROJAN = `#!/bin/bash\necho "$0" >> ${canary}\n`;
after(() => rm(canary, { force: true }));

/** POSIX.1-1988 (pax) interchange format: "ustar" at byte 257 of the first header. */
const isPlain = ({ headers, body }: Put) =>
  headers['content-encoding'] === undefined && body.toString('latin1', 257, 262) === 'ustar';

async function containerWithTrojans(): Promise<string> {
  const id = await rig.docker.createContainer({
    name: `${rig.owner}-trojans-${randomBytes(3).toString('hex')}`,
    image: rig.deps.image('workbench'),
    labels: rig.extras,
    command: ['/bin/sleep', 'infinity'],
    env: {},
    user: '0:0',
    workingDir: '/',
    interactive: false,
    hostConfig: hostConfig('workbench', { ...rig.deps.sandbox, network: { kind: 'none' }, mounts: [] }),
    endpoints: [],
  });
  const files = PROGRAMS.flatMap((name) =>
    ['usr/bin', 'usr/local/bin'].map((folder) => ({
      path: `${folder}/${name}`,
      bytes: Buffer.from(TROJAN),
      uid: 0,
      mode: 0o755,
    })),
  );
  await rig.deps.engine.putFiles(id, '/', await packTar(files));
  return id;
}

const onHost = () =>
  access(canary).then(
    () => true,
    () => false,
  );

test('F5 whatever a launch is given, from its start over an apply to a reset, goes over the wire as a plain tar', async () => {
  const { id, state, problem } = await rig.open();
  assert.equal(state, 'ready', problem?.message);
  const file = await rig.sessions.readFile(USER, id, 'gateway/verify.ts');
  await rig.sessions.writeFile(USER, id, { ...file, content: `${file.content}// changed\n` });
  const before = proxy.puts.length;
  assert.ok(before > 0);
  await rig.sessions.apply(USER, id);
  assert.ok(proxy.puts.length > before, 'an apply puts files too');
  await rig.sessions.reset(USER, id, { all: true });
  for (const put of proxy.puts) assert.ok(isPlain(put), put.body.toString('latin1', 0, 300));
});

test('F5 into a container whose tar, sh and decompressors are trojans: none of them runs outside', async () => {
  const id = await containerWithTrojans();
  const file = { path: 'home/learner/notes.txt', bytes: Buffer.from('notes'), uid: 1000, mode: 0o644 };
  await rig.deps.engine.putFiles(id, '/', await packTar([file]));
  assert.equal(await onHost(), false);
});

test('F5 control: the trojans do what they are there for where they run, inside', async () => {
  const id = await containerWithTrojans();
  await rig.docker.startContainer(id);
  await using ran = await rig.docker.exec(id, { argv: ['/bin/bash', '-c', `tar; cat ${canary}`], user: '0:0' });
  let said = '';
  for await (const { bytes } of ran.output) said += bytes.toString();
  assert.match(said, /\/tar\n/);
  assert.equal(await onHost(), false);
});

test('F5 control: a compressed tar is seen on the wire as one, and the port refuses to send it', async () => {
  const id = await containerWithTrojans();
  const zipped = gzipSync(await packTar([{ path: 'a', bytes: Buffer.from('a'), uid: 0, mode: 0o644 }]));
  const before = proxy.puts.length;
  await assert.rejects(rig.deps.engine.putFiles(id, '/', zipped), { name: 'engine-refused' });
  assert.equal(proxy.puts.length, before);
  const { docker } = client({ socketPath: proxy.socketPath });
  await docker.getContainer(id).putArchive(zipped, { path: '/' });
  const sent = proxy.puts.at(-1) ?? assert.fail();
  assert.equal(isPlain(sent), false);
  assert.equal(gunzipSync(sent.body).toString('latin1', 257, 262), 'ustar');
});
