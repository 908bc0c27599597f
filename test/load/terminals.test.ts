import assert from 'node:assert/strict';
import { test } from 'node:test';
import { floodTerminals } from '../docker/terminal/support/flood-terminals.ts';

const COUNT = Number(process.env.DRYDOCK_TERMINALS ?? 200);
const SECONDS = Number(process.env.DRYDOCK_SECONDS ?? 60);

test(`P3 ${COUNT} terminals print \`yes\` for ${SECONDS} s`, async (t) => {
  const flood = await floodTerminals(COUNT, SECONDS);
  t.diagnostic(JSON.stringify(flood));
  await t.test('memory below 512 MiB', () => assert.ok(flood.rssMiB < 512, `${flood.rssMiB}`));
  await t.test('event-loop lag p99 below 100 ms', () => assert.ok(flood.lagP99Ms < 100, `${flood.lagP99Ms}`));
  await t.test('Ctrl-C p95 at most 300 ms', () => assert.ok(flood.interruptP95Ms <= 300, `${flood.interruptP95Ms}`));
  await t.test('quiet echo p95 below 100 ms', () => assert.ok(flood.echoP95Ms < 100, `${flood.echoP95Ms}`));
});
