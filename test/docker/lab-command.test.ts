import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { LABEL } from '../../runner/core/labels/labels.ts';
import { WORKBENCH } from '../../runner/core/plan/launch-plan.ts';
import { ROLES } from '../../runner/core/policy/roles.ts';
import { openPipe } from '../../runner/pipe/open-pipe.ts';
import { containerAt, course, USER } from './support/course.ts';
import { type TypedShell, typedShell } from './support/typed-shell.ts';

const rig = await course();
let session = '';
let learner: TypedShell;

before(async () => {
  const { id, state, problem } = await rig.open();
  assert.equal(state, 'ready', problem?.message);
  session = id;
  learner = typedShell(await rig.sessions.terminal(USER, session, WORKBENCH), 'test');
  await learner.shows(/\$ $/);
});

/** Types a line and answers what it printed, and its exit code. */
async function typed(line: string, seconds?: number): Promise<{ text: string; code: number }> {
  learner.type(`${line}; echo "=$?="\n`);
  const all = await learner.shows(/\n=\d+=\n[^\n]*\$ $/, seconds);
  const [, text = '', code] = /^[^\n]*\n([\s\S]*?\n?)=(\d+)=\n/.exec(all) ?? assert.fail(all);
  return { text, code: Number(code) };
}

test('lab alone tells its words; a word it does not know too, with the code for misuse', async () => {
  const help = await typed('lab');
  assert.match(help.text, /^lab status {2,}\S/m);
  for (const word of ['apply', 'check', 'flag', 'hint', 'logs', 'diff', 'reset', 'shell', 'capture'])
    assert.match(help.text, new RegExp(`^lab ${word} `, 'm'));
  assert.ok(help.text.split('\n').every((line) => line.length <= 80 && !line.includes('\t')));
  assert.equal(help.code, 0);
  const refusal = `"lab sink" is not understood. What there is:\n\n${help.text}`;
  assert.deepEqual(await typed('lab sink'), { text: refusal, code: 2 });
});

test('lab status, check, hint and logs say what the page says', async () => {
  assert.deepEqual(await typed('lab status'), { text: 'open    forge-token\nopen    verify-signature\n', code: 0 });
  const check = await typed('lab check', 60);
  assert.equal(check.code, 1);
  assert.match(check.text, /^not-yet {2}verify-signature: \S[\s\S]*See it yourself:\n {4}\S/m);
  assert.match((await typed('lab hint forge-token')).text, /\(\d more\)\n$/);
  assert.equal((await typed('lab logs gateway')).code, 0);
  assert.equal((await typed('lab logs nobody')).code, 2);
});

test('lab diff shows a change, lab apply deploys it, and lab reset puts it back', async () => {
  assert.match((await typed('lab diff')).text, /as the lab shipped it/);
  await typed("sed -i '1i // changed' ~/ferry/gateway/verify.ts");
  const { text } = await typed('lab diff');
  assert.match(text, /^--- a\/gateway\/verify\.ts\n\+\+\+ b\/gateway\/verify\.ts\n@@ -1,3 \+1,4 @@\n\+\/\/ changed\n /);
  assert.match((await typed('lab apply', 60)).text, /^Replaced gateway in \d+ ms\.\n$/);
  const reset = await typed('cd ~/ferry; lab reset ./gateway/verify.ts');
  assert.match(reset.text, /^Put back as the lab shipped it:\n {2}gateway\/verify\.ts\n.*"lab apply" deploys it\.\n$/);
  assert.equal(reset.code, 0);
  assert.match((await typed('lab apply', 60)).text, /^Replaced gateway/);
  assert.match((await typed('lab reset --all')).text, /^Nothing to put back/);
  assert.equal((await typed('lab reset ../../etc/passwd')).code, 2);
});

test('lab shell is a shell in the service: its keys, its size, Ctrl-C, its exit code, and back in the workbench', async () => {
  learner.type('lab shell gateway; echo "=$?="\n');
  await learner.shows(/\$ $/);
  learner.type('id -u; stty size\n');
  await learner.shows(/\n10001\n40 120\n[^\n]*\$ $/);
  learner.resize({ cols: 90, rows: 30 });
  await pause(500);
  learner.type('stty size\n');
  await learner.shows(/\n30 90\n/);
  learner.type('sleep 1000\n');
  await pause(300);
  learner.type('\x03');
  await learner.shows(/\^C\n[^\n]*\$ $/);
  learner.type('exit 7\n');
  await learner.shows(/\n=7=\n[^\n]*\$ $/);
  assert.equal((await typed('id -u')).text, '1000\n');
});

test('a shell by name is the same shell when one comes back, and more of it than fits is shown whole', async () => {
  learner.type('lab shell gateway other\n');
  await learner.shows(/\$ $/);
  learner.type('KEPT=here; seq 1 200000 | tail -n 150000 | md5sum; seq 1 60000; echo do""ne\n');
  const much = await learner.shows(/\ndone\n/, 60);
  assert.ok(much.includes(`\n59998\n59999\n60000\ndone\n`));
  assert.equal(much.match(/^\d+$/gm)?.length, 60000);
  // The window is left as it is: the same name, opened in another, takes the shell over.
  await learner[Symbol.asyncDispose]();
  learner = typedShell(await rig.sessions.terminal(USER, session, WORKBENCH), 'second');
  await learner.shows(/\$ $/);
  learner.type('lab shell gateway other\n');
  await learner.shows(/done/);
  learner.type('echo $KEPT\n');
  await learner.shows(/\nhere\n/);
  learner.type('exit\n');
  await learner.shows(/workbench [^\n]*\$ $/);
});

test('lab capture shows packets by name, keeps a pcap file in ~/captures, and takes no option of tcpdump', async () => {
  await typed('(sleep 2; curl -s http://gateway:8080/ > /dev/null) & disown');
  const { text, code } = await typed("lab capture gateway --seconds 5 'tcp port 8080'", 30);
  assert.equal(code, 0, text);
  assert.match(text, /^Listening at gateway for 5 s/);
  assert.match(text, /IP workbench\.\d+ > gateway\.8080: .*GET \//);
  const [, file] = /Kept in ~\/captures\/(gateway-\d{14}\.pcap)\.\n$/.exec(text) ?? assert.fail(text);
  // The magic number of pcap files in little-endian order (draft-ietf-opsawg-pcap).
  assert.match((await typed(`head -c 4 ~/captures/${file} | od -An -tx1`)).text, /d4 c3 b2 a1/);
  const option = await typed('lab capture gateway --seconds 1 -w /tmp/x', 30);
  assert.equal(option.code, 2);
  assert.match(option.text, /Nothing was captured\. tcpdump: .*(syntax error|parse)/);
  assert.equal((await typed('lab capture nobody --seconds 1')).code, 2);
  assert.equal((await typed('lab capture gateway --seconds 100000')).code, 2);
  assert.equal((await typed('lab capture')).code, 2);
});

test('lab capture ends with its caller, and leaves no container behind', async () => {
  const sensors = async () => (await rig.docker.list({ ...rig.labels, [LABEL.role]: 'sensor' })).containers.length;
  learner.type('lab capture gateway --seconds 60\n');
  await learner.shows(/Listening/);
  for (let tries = 0; (await sensors()) === 0; tries++) {
    assert.ok(tries < 100, 'control: there is one while it listens');
    await pause(50);
  }
  learner.type('\x03');
  await learner.shows(/\$ $/);
  for (let tries = 0; (await sensors()) > 0; tries++) {
    assert.ok(tries < 100, 'it is removed');
    await pause(100);
  }
});

test('a tunnel through the workbench reaches a service of the lab, and nothing outside it', async () => {
  const workbench = await containerAt(rig, session, 'workbench', WORKBENCH);
  const options = { user: ROLES.workbench.user, root: '/home/learner/ferry', onLab: () => {}, onChange: () => {} };
  const pipe = await openPipe(rig.docker, workbench, options);
  const tunnel = await pipe.tunnel('gateway', 8080);
  await tunnel.write(Buffer.from('GET /sink HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n\r\n'));
  assert.match(String(Buffer.concat(await Array.fromAsync(tunnel.output))), /^HTTP\/1\.1 \d{3} /);
  await assert.rejects(pipe.tunnel('gateway', 9), /was refused: nothing listens there/);
  await assert.rejects(pipe.tunnel('192.0.2.1', 80), /could not be made/);
  pipe.close();
  await pipe.closed;
});
