// What a probe does wrong, or is made to do, never becomes a pass.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DrydockError } from '#contract';
import { check, checkerHost, checkOn, probes } from './support/checker.ts';

const benign = (id: string, body: string) => `benign({ id: '${id}', at: 'outside', run: async (t) => { ${body} } })`;
const list = (...items: string[]) => probes(`export default [${items.join(',\n')}];`);
const GOOD = benign('good', 'return works();');
const couldNotCheck = (says: RegExp) => (error: unknown) =>
  error instanceof DrydockError && error.name === 'could-not-check' && says.test(error.message);

for (const [name, body, reason] of [
  ['throws', "throw new Error('out of luck');", /^out of luck$/],
  ['throws what is no error', 'throw null;', /./],
  ['throws at length', "throw new Error('x'.repeat(100_000));", /^x{500}$/],
  ['returns nothing', '', /./],
  ['returns what is no outcome', 'return { finding: "perfect", params: {} };', /./],
] as const) {
  test(`C4 a probe that ${name} is broken, and the others are asked all the same`, async () => {
    const { results, broken } = await check({ source: list(benign('bad', body), GOOD) });
    assert.deepEqual(
      results.map(({ probe }) => probe),
      ['good'],
    );
    assert.deepEqual(
      broken.map(({ probe }) => probe),
      ['bad'],
    );
    assert.match(broken[0]?.reason ?? '', reason);
  });
}

test('C4 a file that cannot be read, or lacks the probe, breaks its probes', async () => {
  for (const source of [
    'export default [',
    "throw new Error('at load');",
    'export default [];',
    'export const a = 1;',
  ]) {
    const { results, broken } = await check({ source, run: ['good'] });
    assert.deepEqual([results, broken.map(({ probe }) => probe)], [[], ['good']], source);
  }
});

test('C4 a probe that waits for ever is given up at its limit and counts against the fix', async () => {
  const started = performance.now();
  const { results, broken } = await check({
    source: list(
      benign('hangs', 'await new Promise(() => {});'),
      "attack({ id: 'stalls', at: 'outside', seconds: 0.3, control: async () => true, attack: () => new Promise(() => {}) })",
      GOOD,
    ),
    input: { probeSeconds: 0.5 },
  });
  assert.deepEqual(broken, []);
  assert.deepEqual(
    results.map(({ probe, finding, message }) => [probe, finding, message.id]),
    [
      ['hangs', 'closed', 'probe-too-slow'],
      ['stalls', 'unreached', 'probe-too-slow'],
      ['good', 'open', 'good-open'],
    ],
  );
  assert.ok(performance.now() - started < 5000);
});

test('C4 a probe that never lets go of the processor ends with the checker', async () => {
  await using host = await checkerHost();
  await assert.rejects(
    checkOn(host, { source: list(benign('spins', 'for (;;);')), seconds: 1 }),
    couldNotCheck(/did not end within 1 s/),
  );
  assert.equal(await host.children[0]?.exitCode(), 137);
});

for (const [name, body, says] of [
  [
    'floods standard output',
    "for (;;) await new Promise((more) => process.stdout.write('x'.repeat(65_536), more));",
    /more than its limit/,
  ],
  [
    'floods it with one line and ends',
    "process.stdout.write('x'.repeat(9_000_000)); return works();",
    /more than its limit/,
  ],
  ['prints a line', "process.stdout.write('PASS\\n'); return works();", /2 results/],
  [
    'prints a result of its own',
    'process.stdout.write(JSON.stringify({ nonce: "0", results: [], broken: [] }) + "\\n"); return works();',
    /2 results/,
  ],
  [
    'prints a result of its own and ends the checker',
    'process.stdout.write(JSON.stringify({ nonce: "0".repeat(64), results: [], broken: [] }) + "\\n"); process.exit(0);',
    /without the nonce/,
  ],
  ['ends the checker', 'process.exit(0);', /0 results/],
  ['kills the checker', "process.kill(process.pid, 'SIGKILL'); for (;;);", /0 results/],
  [
    'leaves an error nobody handles',
    "Promise.reject(new Error('late')); await new Promise((r) => setTimeout(r, 200)); return works();",
    /0 results/,
  ],
  ['takes all memory', 'const all = []; for (;;) all.push(new Array(1e6).fill(0.5).map(Math.random));', /0 results/],
] as const) {
  test(`C2 C4 a probe that ${name} makes the check fail, not the fix`, { timeout: 30_000 }, async () => {
    await assert.rejects(check({ source: list(GOOD, benign('bad', body)) }), couldNotCheck(says));
  });
}

test('control: a probe that writes to the console and to standard error disturbs nobody', async () => {
  await using host = await checkerHost();
  const source = list(benign('chats', "console.log('a line'); console.error('another'); return works();"), GOOD);
  const { results } = await checkOn(host, { source });
  assert.equal(results.length, 2);
  assert.equal(host.children[0]?.complaint(), 'a line\nanother\n');
});

test('C4 a position the lab does not have cannot be checked from', async () => {
  await assert.rejects(
    check({ source: list(GOOD), input: { position: 'nowhere' } }),
    couldNotCheck(/no position "nowhere"/),
  );
});

test('C4 a probe file outside the folder is not written', async () => {
  await assert.rejects(
    check({ source: list(GOOD), input: { files: { '../../shut.ts': list(GOOD) } } }),
    couldNotCheck(/0 results/),
  );
});
