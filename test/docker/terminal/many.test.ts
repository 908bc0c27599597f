import assert from 'node:assert/strict';
import { test } from 'node:test';
import { floodTerminals } from './support/flood-terminals.ts';

test('P3 ten terminals print `yes`: memory and loop stay, Ctrl-C acts, a quiet terminal echoes', async (t) => {
  const flood = await floodTerminals(10, 5);
  t.diagnostic(JSON.stringify(flood));
  assert.ok(flood.megabytes > 10, 'it was a flood');
  assert.ok(flood.rssMiB < 512);
  // The bars are for a machine of its own; what a busy one takes by itself was measured in the same run.
  const busy = 3 * flood.calmEchoP95Ms;
  assert.ok(flood.lagP99Ms < 100 + busy);
  assert.ok(flood.interruptP95Ms <= 300 + busy);
  assert.ok(flood.echoP95Ms < 100 + busy);
});

test('P3 control: where Ctrl-C is not what is typed, nothing stops and the measurement says so', async () => {
  assert.ok((await floodTerminals(1, 0.2, 'x')).interruptP95Ms >= 5000);
});
