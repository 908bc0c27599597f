import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { DrydockError, type Verdict } from '#contract';
import type { LabCall } from '../../runner/pipe/lab-calls.ts';
import { type LabActions, runLabCommand } from '../../runner/session/lab-command.ts';
import { edit, flagInside } from './support/deployment.ts';
import { LAB, sessionWorld } from './support/session-world.ts';

const NOT_YET: Verdict = {
  task: 'verify-signature',
  verdict: 'not-yet',
  message: { id: 'open', params: {}, text: 'A forged token is taken.' },
  evidence: [{ kind: 'transcript', title: 'What was sent', text: 'GET /api/admin\n200\n' }],
  replay: 'curl http://gateway:8080/api/admin',
  probes: [],
};

test('lab status, hint, flag, check, apply and logs answer in the workbench as their buttons do', async () => {
  const passed: Verdict = { ...NOT_YET, verdict: 'passed', message: { id: 'in', params: {}, text: 'It holds.' } };
  let fixed = false;
  const world = await sessionWorld({
    check: async () => [fixed ? passed : NOT_YET],
    programs: {
      node: async (io) => {
        await io.write(Buffer.from('listening on 8080\n'));
        return once(io.signal, 'abort').then(() => 0);
      },
    },
  });
  const session = await world.start();
  const { lab } = world;

  assert.deepEqual(await lab('status'), { text: 'open    forge-token\nopen    verify-signature\n', code: 0 });
  const [first, second] = LAB.scenario.tasks['forge-token']?.hints ?? [];
  assert.deepEqual(await lab('hint', 'forge-token'), { text: `${first}\n(2 more)\n`, code: 0 });
  assert.deepEqual(await lab('hint', 'forge-token'), { text: `${second}\n(1 more)\n`, code: 0 });
  assert.equal((await lab('flag', 'flag{wrong}')).code, 1);
  assert.deepEqual(await lab('flag', await flagInside(world, session)), {
    text: 'That is the flag. You have broken it; now fix it.\n',
    code: 0,
  });
  assert.deepEqual(await lab('check'), {
    text: [
      'passed   forge-token: The flag was handed in.\n',
      'not-yet  verify-signature: A forged token is taken.',
      '  What was sent',
      '    GET /api/admin',
      '    200',
      '',
      '  See it yourself:',
      '    curl http://gateway:8080/api/admin',
      '\n',
    ].join('\n'),
    code: 1,
  });
  fixed = true;
  assert.deepEqual(await lab('check', 'verify-signature'), { text: 'passed   verify-signature: It holds.\n', code: 0 });
  assert.deepEqual(await lab('status'), { text: 'passed  forge-token\npassed  verify-signature\n', code: 0 });
  assert.deepEqual(await lab('apply'), { text: 'Nothing changed.\n', code: 0 });
  await edit(world, session, 'gateway/verify.ts', '// fixed\n');
  assert.deepEqual(await lab('apply'), { text: 'Replaced gateway in 0 ms.\n', code: 0 });
  assert.deepEqual(await lab('logs', 'gateway'), { text: 'listening on 8080\n', code: 0 });
});

test('an error is told with its place and its remedy, and with its exit code', async () => {
  const world = await sessionWorld();
  const session = await world.start();
  const compose = LAB.workspace.get('compose.yaml')?.toString('utf8') ?? '';
  await edit(
    world,
    session,
    'compose.yaml',
    compose.replace('image: drydock/node', 'image: drydock/node\n    privileged: true'),
  );
  const { text, code } = await world.lab('apply');
  assert.equal(code, 2);
  assert.match(text, /^A file is not valid\. .*\n {2}compose\.yaml:\d+:\d+ .*privileged/);
  assert.match(text, /nothing was changed in the running lab\.\n$/);
  assert.deepEqual([(await world.lab('hint', 'nothing')).code, (await world.lab('logs', 'nothing')).code], [2, 2]);
  assert.deepEqual((await world.lab('check', 'constructor')).code, 2);
});

test('words the command does not know are named, above its usage', async () => {
  const world = await sessionWorld();
  await world.start();
  const help = await world.lab('help');
  assert.match(help.text, /^lab status .*\n(lab .*\n)+$/);
  assert.deepEqual(await world.lab(), help);
  assert.equal(help.code, 0);
  const misused = [['sink'], ['hint'], ['flag'], ['logs'], ['constructor'], ['reset'], ['shell'], ['capture']];
  const options = ['--service', '--sink', '--task', '--all gateway', 'a b', '/etc/passwd', '../x', ''];
  const seconds = [
    'gateway --seconds',
    'gateway --seconds 0',
    'gateway --seconds 61',
    'gateway --seconds 1e1000',
    '-w x',
  ];
  for (const words of [
    ...misused,
    ...options.map((rest) => ['reset', ...rest.split(' ')]),
    ...seconds.map((rest) => ['capture', ...rest.split(' ')]),
  ]) {
    const refusal = `"lab ${words.join(' ')}" is not understood. What there is:\n\n${help.text}`;
    assert.deepEqual(await world.lab(...words), { text: refusal, code: 2 });
  }
});

test('lab diff shows what changed, and lab reset puts back a file, a service, a task or all of it', async () => {
  const world = await sessionWorld();
  const session = await world.start();
  const { lab } = world;
  const same = { text: 'The workspace is as the lab shipped it.\n', code: 0 };
  const change = () => edit(world, session, 'gateway/verify.ts', '// changed\n');
  assert.deepEqual(await lab('diff'), same);
  for (const words of [
    ['gateway/verify.ts'],
    ['./gateway/verify.ts'],
    ['/home/learner/ferry/gateway/verify.ts'],
    ['--service', 'gateway'],
    ['--task', 'verify-signature'],
    ['--all'],
  ]) {
    await change();
    assert.match((await lab('diff')).text, /^--- a\/gateway\/verify\.ts\n[\s\S]*^\+\/\/ changed$/m);
    assert.deepEqual(await lab('reset', ...words), {
      text: 'Put back as the lab shipped it:\n  gateway/verify.ts\nWhat runs is as it was; "lab apply" deploys it.\n',
      code: 0,
    });
    assert.deepEqual(await lab('diff'), same);
  }
  assert.match((await lab('reset', '--all')).text, /^Nothing to put back/);
  assert.equal((await lab('reset', 'no/such/file')).code, 2);
  assert.equal((await lab('reset', '--service', 'nobody')).code, 2);
  assert.equal((await lab('reset', '--task', 'constructor')).code, 2);
});

test('lab capture listens at the position of the service, hands the filter over as one word, and leaves nothing', async () => {
  const argvs: (readonly string[])[] = [];
  const world = await sessionWorld({
    programs: {
      '/usr/bin/timeout': async ({ argv, write }) => {
        argvs.push(argv);
        await write(Buffer.from('IP 10.213.0.99.1 > 10.213.0.98.2: \x1b[2J\n'));
        if (argv.at(-1) !== 'bad') return 124;
        await write(Buffer.from("tcpdump: can't parse filter expression: syntax error\n"), 'stderr');
        return 1;
      },
      '/bin/cat': async ({ write }) => write(Buffer.from('pcap')).then(() => 0),
    },
  });
  const session = await world.start();
  const before = await world.memory.list({});
  const { text, code } = await world.lab('capture', 'gateway', '--seconds', '5', '-w', '/etc/x', 'or', 'port', '80');
  assert.equal(code, 0, text);
  assert.match(
    text,
    /^Listening at gateway for 5 s …\nIP 10\.213\.0\.99\.1 > [^\n]*: \.\[2J\nKept in ~\/captures\/gateway-\d{14}\.pcap\.\n$/,
  );
  const [argv = []] = argvs;
  assert.deepEqual(argv.slice(-2), ['--', '-w /etc/x or port 80']);
  assert.ok(argv.includes('5'));
  const bad = await world.lab('capture', 'gateway', 'bad');
  assert.deepEqual([bad.code, /can't parse filter/.test(bad.text)], [2, true]);
  assert.equal((await world.lab('capture', 'nobody')).code, 2);
  assert.equal((await world.lab('capture', 'workbench')).code, 2);
  assert.deepEqual(await world.memory.list({}), before);
  assert.equal(session.state, 'ready');
});

/** Runs the command on actions of which only these are there. */
async function answered(argv: string[], actions: Partial<LabActions>) {
  const printed: string[] = [];
  const codes: number[] = [];
  const call: LabCall = {
    argv,
    size: null,
    gone: new AbortController().signal,
    attach: () => assert.fail('its terminal was taken over'),
    print: (text: string) => void printed.push(text),
    exit: (code: number) => void codes.push(code),
  };
  await runLabCommand(call, actions as LabActions);
  assert.equal(codes.length, 1);
  return { text: printed.join(''), code: codes[0] };
}

test('a flag is offered to every break task, so they can be solved in any order', async () => {
  const offered: string[] = [];
  const { code, text } = await answered(['flag', 'flag{second}'], {
    breakTasks: () => ['first', 'second'],
    flag: async (task) => {
      offered.push(task);
      return { accepted: task === 'second', message: task };
    },
  });
  assert.deepEqual([code, text], [0, 'second\n']);
});

test('an unexpected error and one of the machine keep their exit codes', async () => {
  const failing = (error: Error) => answered(['apply'], { apply: () => Promise.reject(error) });
  assert.equal((await failing(new DrydockError('engine-unavailable', 'It is away.'))).code, 3);
  const { code, text } = await failing(new TypeError('x is undefined'));
  assert.deepEqual([code, text.split('\n')[0]], [2, 'Something unexpected went wrong. x is undefined']);
});
