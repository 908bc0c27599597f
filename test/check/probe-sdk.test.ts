import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { check, checkerHost, checkOn, probes, TARGET } from './support/checker.ts';
import { serve } from './support/service.ts';

const flag = TARGET.secrets['flag-enter'] ?? '';

/** One benign probe that asks once and says that it works. */
const asks = (request: string) =>
  probes(
    `export default [benign({ id: 'use', at: 'outside', run: async (t) => { await t.http(${request}); return works(); } })];`,
  );

test('an attack is open, closed or unreached; a use works or fails; each with its sentence', async () => {
  await using service = await serve((request, response) => response.writeHead(request.url === '/up' ? 200 : 403).end());
  const { results, broken, nonce } = await check({
    source: probes(`
      const up = async (t) => (await t.http('${service.url}/up')).status === 200;
      const down = async (t) => (await t.http('${service.url}/down')).status === 200;
      export default [
        attack({ id: 'enter', at: 'outside', control: up, attack: async () => open({ params: { who: 'admin' } }) }),
        attack({ id: 'held', at: 'outside', control: up, attack: async () => closed() }),
        attack({ id: 'lost', at: 'outside', control: down, attack: async () => closed() }),
        attack({ id: 'felled', at: 'outside', control: (t) => t.shared('once', async () => ({ n: 0 })).then((c) => c.n++ === 0),
          attack: async () => closed() }),
        benign({ id: 'use', at: 'outside', run: async () => works({ message: 'fine' }) }),
        benign({ id: 'fail', at: 'outside', run: async () => fails() }),
        benign({ id: 'stop', at: 'outside', run: async (t) => t.stop('no-token') }),
      ];`),
  });
  assert.deepEqual(broken, []);
  assert.equal(nonce, 'a1'.repeat(32));
  assert.deepEqual(
    results.map(({ probe, task, kind, finding, message }) => [probe, task, kind, finding, message.id]),
    [
      ['enter', 'shut', 'attack', 'open', 'enter-open'],
      ['held', 'shut', 'attack', 'closed', 'held-closed'],
      ['lost', 'shut', 'attack', 'unreached', 'lost-unreached'],
      ['felled', 'shut', 'attack', 'unreached', 'felled-unreached'],
      ['use', 'shut', 'benign', 'open', 'fine'],
      ['fail', 'shut', 'benign', 'closed', 'fail-closed'],
      ['stop', 'shut', 'benign', 'closed', 'no-token'],
    ],
  );
  assert.equal(results[0]?.message.text, 'Got in as admin.');
});

test('the evidence is the exchange as it was, telling headers only', async () => {
  await using service = await serve((_, response) =>
    response.writeHead(401, { 'www-authenticate': 'Bearer', 'x-other': 'a' }).end('no\nentry'),
  );
  const { results } = await check({
    source: asks(
      `'${service.url}/api?a=1', { method: 'PUT', headers: { authorization: 'Bearer x', 'x-mine': 'b' }, body: { a: 1 } }`,
    ),
  });
  const host = new URL(service.url).host;
  assert.deepEqual(results[0]?.evidence, [
    {
      kind: 'transcript',
      title: `PUT /api at ${host}: 401`,
      text: `> PUT /api?a=1\n> host: ${host}\n> content-type: application/json\n> authorization: Bearer x\n>\n> {"a":1}\n\n< 401\n< www-authenticate: Bearer\n<\n< no\n< entry`,
    },
  ]);
});

test('the replay is one line a shell splits into exactly the request that was sent', async () => {
  await using service = await serve((_, response) => response.end());
  const body = `it's "a" $(id) \`id\` \\ ; & | > ü`;
  const { results } = await check({
    source: asks(`'${service.url}/a?b=c&d=$e', { headers: { 'x-a': "it's" }, body: ${JSON.stringify(body)} }`),
  });
  const line = results[0]?.replay ?? '';
  assert.ok(!line.includes('\n'));
  const words = execFileSync('/bin/sh', ['-c', `curl() { printf '%s\\0' "$@"; }\n${line}`], { encoding: 'utf8' }).split(
    '\0',
  );
  assert.deepEqual(words.slice(0, -1), [
    '-isS',
    '--max-time',
    '5',
    '-X',
    'POST',
    '-H',
    "x-a: it's",
    '--data-binary',
    body,
    `${service.url}/a?b=c&d=$e`,
  ]);
});

test('a replay that would be too long to be whole is left out', async () => {
  await using service = await serve((_, response) => response.end());
  const { results } = await check({ source: asks(`'${service.url}/', { body: 'x'.repeat(5000) }`) });
  assert.equal(results[0]?.replay, '');
});

test('evidence is cut, and free of what would move a reader’s cursor or hide text', async () => {
  await using service = await serve((_, response) =>
    response
      .writeHead(200, { 'content-type': 'a'.repeat(5000) })
      .end(`\x1b]0;title\x07\x1b[2J\u202e\u0000${'line\n'.repeat(100_000)}`),
  );
  const { results } = await check({ source: asks(`'${service.url}/'`) });
  const [evidence] = results[0]?.evidence ?? [];
  assert.ok(evidence && evidence.text.length <= 16_384);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  assert.doesNotMatch(evidence.text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  assert.match(evidence.text, /< ·\]0;title··\[2J··line/);
});

test('a secret of the launch is shown by its name, in title, text, sentence and replay', async () => {
  await using service = await serve((_, response) => response.end(`welcome ${flag}`));
  const { results } = await check({
    source: probes(`export default [benign({ id: 'use', at: 'outside', run: async (t) => {
      await t.http('${service.url}/' + encodeURIComponent(t.secrets['flag-enter']).replaceAll('%7B', '{').replaceAll('%7D', '}'), { headers: { authorization: t.secrets['flag-enter'] } });
      return fails({ message: 'enter-open', params: { who: t.secrets['flag-enter'] } }); } })];`),
  });
  assert.doesNotMatch(JSON.stringify(results), /00112233/);
  assert.match(results[0]?.evidence[0]?.text ?? '', /welcome ‹flag-enter›/);
  assert.match(results[0]?.message.text ?? '', /Got in as ‹flag-enter›/);
});

test('a secret is not shown in part where the evidence is cut', async () => {
  for (const before of [765, 780, 799]) {
    await using service = await serve((_, response) => response.end(`${'.'.repeat(before)}${flag}${'.'.repeat(1000)}`));
    const { results } = await check({ source: asks(`'${service.url}/'`) });
    assert.doesNotMatch(JSON.stringify(results), /flag\{0/, `after ${before} characters`);
  }
});

test('names are those of the launch’s positions: any other is the probe’s mistake', async () => {
  const { results, broken } = await check({ source: asks(`'http://example.org/'`) });
  assert.deepEqual(results, []);
  assert.match(broken[0]?.reason ?? '', /"example.org" is no position/);
});

test('the same seed draws the same, another seed and another probe something else', async () => {
  const source = probes(`
    const draw = async (t) => fails({ message: [t.random.hex(8), t.random.word(), t.random.int(1e9), t.random.shuffle([1,2,3,4,5,6,7])].join() });
    export default [benign({ id: 'one', at: 'outside', run: draw }), benign({ id: 'two', at: 'outside', run: draw })];`);
  const drawn = async (seed: string) =>
    (await check({ source, input: { seed } })).results.map(({ message }) => message.id);
  const [first, again, other] = [await drawn('5eed'), await drawn('5eed'), await drawn('5eee')];
  assert.deepEqual(first, again);
  assert.equal(new Set([...first, ...other]).size, 4);
});

test('what a probe serves is reached at its address until the probe ends', async () => {
  const { results, broken } = await check({
    source: probes(`
      let url = '';
      export default [
        benign({ id: 'serves', at: 'outside', run: async (t) => {
          const served = await t.serve(({ path }) => path === '/keys' ? { keys: [] } : undefined);
          url = served.url;
          const [there, not] = [await t.http(url + '/keys'), await t.http(url + '/other')];
          return there.body === '{"keys":[]}' && not.status === 404 && served.asked.length === 2 ? works() : fails();
        } }),
        benign({ id: 'later', at: 'outside', run: async (t) => (await t.http(url)).failure === 'nothing listens there' ? works() : fails() }),
      ];`),
  });
  assert.deepEqual([broken, results.map(({ finding }) => finding)], [[], ['open', 'open']]);
});

test('C5 S12 nothing of the run stands in the checker’s arguments, environment or name', async () => {
  await using host = await checkerHost();
  await checkOn(host, { source: probes('export default [];'), run: [] });
  const visible = JSON.stringify(host.specs.map(({ hostConfig: _, ...spec }) => spec));
  for (const secret of [flag, 'a1'.repeat(32), '5eed', 'shut.ts']) assert.ok(!visible.includes(secret), secret);
  assert.deepEqual(
    host.specs.map(({ env, user }) => [env, user]),
    [[{}, '10002:10002']],
  );
});
