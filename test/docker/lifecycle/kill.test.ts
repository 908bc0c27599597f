import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { ApplyResult, CheckResult, FileContent, Session } from '#contract';
import { APP, LABEL } from '../../../runner/core/labels/labels.ts';
import type { Inventory } from '../../../runner/core/ports/engine.ts';
import { dockerEngine } from '../../../runner/engine/docker/docker-engine.ts';
import { namesOf } from '../support/course.ts';
import { type KillableDrydock, killableDrydock } from './support/killable-drydock.ts';
import { type Learner, signedIn } from './support/learner.ts';

const FILE = 'gateway/verify.ts';
const FIX = 'verify-signature';
const engine = dockerEngine();
let drydock: KillableDrydock;
let learner: Learner;
let session: string;
let shell: string;

const its = async (): Promise<Inventory> => engine.list({ [LABEL.app]: APP, [LABEL.owner]: await drydock.owner() });
const launchesOf = ({ containers }: Inventory) => new Set(containers.map(({ labels }) => labels[LABEL.launch]));

/** Waits for the moment, seen on the engine, and kills the server in it. */
async function killWhen(holds: (found: Inventory) => boolean): Promise<void> {
  for (const end = performance.now() + 30_000; !holds(await its()); await pause(10)) {
    if (performance.now() > end) throw new Error('the moment to kill it never came');
  }
  await drydock.kill();
}

const has = (role: string) => (found: Inventory) => found.containers.some(({ labels }) => labels[LABEL.role] === role);
/** More than one container that stays: a filer ends with the server that feeds it. */
const hasSeveral = ({ containers }: Inventory) =>
  containers.filter(({ labels }) => labels[LABEL.role] !== 'filer').length > 2;
const ready = () => learner.until<Session>(`/api/sessions/${session}`, ({ state }) => state === 'ready');
const read = () => learner.ask<FileContent>('GET', `/api/sessions/${session}/file?path=${encodeURIComponent(FILE)}`);

async function addLine(line: string): Promise<string> {
  const { content, version } = await read();
  const file = { path: FILE, content: `${content}${line}\n`, version };
  await learner.ask('PUT', `/api/sessions/${session}/file`, file);
  return file.content;
}

before(async () => {
  drydock = await killableDrydock();
  learner = await signedIn(drydock.origin, await drydock.start());
});

after(() => drydock[Symbol.asyncDispose]());

test('L1 killed during a start: whoever was signed in is, and the lab becomes ready after all', async () => {
  ({ id: session } = await learner.ask<Session>('POST', '/api/sessions', { lab: 'access-control' }));
  await killWhen(hasSeveral);
  assert.ok(hasSeveral(await its()), 'what it had made is there');
  await drydock.start();
  assert.equal((await ready()).id, session);
});

test('L1 what it had made then is gone', async () => {
  assert.equal(launchesOf(await its()).size, 1);
});

test('L1 killed while a lab is ready: the same shell, and the file as it was written a moment before', async () => {
  shell = await learner.shell(session, 'main');
  const written = await addLine('// written before the first kill');
  const before = launchesOf(await its());
  await drydock.kill();
  await drydock.start();
  await ready();
  assert.equal(await learner.shell(session, 'main'), shell);
  assert.equal((await read()).content, written);
  assert.ok(launchesOf(await its()).isSubsetOf(before), 'no new launch');
});

test('L1 control: another terminal is another shell', async () => {
  assert.notEqual(await learner.shell(session, 'other'), shell);
});

test('L1 killed during an apply: the services run, the shell and the files are as they were, the next apply works', async () => {
  const written = await addLine('// written before the second kill');
  const applying = learner.ask('POST', `/api/sessions/${session}/apply`).catch(() => null);
  await killWhen(has('filer'));
  assert.equal(await applying, null, 'it was cut short');
  await drydock.start();
  await ready();
  assert.equal((await read()).content, written);
  assert.equal(await learner.shell(session, 'main'), shell);
  const { changed } = await learner.ask<ApplyResult>('POST', `/api/sessions/${session}/apply`);
  assert.deepEqual(changed, ['gateway']);
  assert.equal(has('filer')(await its()), false);
});

test('L1 killed during a check: no checker stays, and the next check comes to its verdict', async () => {
  const checking = learner.ask('POST', `/api/sessions/${session}/check`, { task: FIX }).catch(() => null);
  await killWhen(has('checker'));
  assert.equal(await checking, null, 'it was cut short');
  assert.ok(has('checker')(await its()), 'it is there until somebody looks');
  await drydock.start();
  await ready();
  assert.equal(await learner.shell(session, 'main'), shell);
  assert.equal(has('checker')(await its()), false);
  const { verdicts } = await learner.ask<CheckResult>('POST', `/api/sessions/${session}/check`, { task: FIX });
  assert.deepEqual(
    verdicts.map(({ verdict }) => verdict),
    ['not-yet'],
  );
});

test('after ./drydock down nothing is left', async () => {
  assert.notDeepEqual(namesOf(await its()), []);
  assert.equal(await drydock.down(), 0);
  assert.deepEqual(namesOf(await its()), []);
});
