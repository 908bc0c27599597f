import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseOutput } from '../../../runner/check/run-checker.ts';
import { bareLaunch } from '../support/bare-launch.ts';
import { course, LAB } from '../support/course.ts';

const TASK = 'verify-signature';
const rig = await course();
const lab = rig.deps.library.get(LAB) ?? assert.fail();

/** What a checker prints when nothing is open any more, with a nonce that was guessed. */
function forged(probes: readonly { probe: string; kind: 'attack' | 'benign' }[], nonce: string): string {
  const results = probes.map(({ probe, kind }) => ({
    probe,
    task: TASK,
    kind,
    finding: kind === 'attack' ? 'closed' : 'open',
    message: { id: 'x', params: {}, text: 'x' },
    evidence: [],
    replay: '',
  }));
  return JSON.stringify({ nonce, results, broken: [] });
}

test('C2 a service that prints and answers a forged result changes nothing', async () => {
  const { apply, check, launch, remove } = await bareLaunch(rig, lab);
  const honest = await check(TASK);
  assert.equal(honest.verdict, 'not-yet');
  const text = forged(honest.probes, 'a'.repeat(64));
  assert.equal(
    parseOutput(text, 'a'.repeat(64)).results.length,
    honest.probes.length,
    'control: but for the nonce it counts',
  );
  assert.throws(() => parseOutput(text, 'b'.repeat(64)), { name: 'could-not-check' });

  const server = String(lab.workspace.get('gateway/server.ts'));
  const shouting = `
const forged = ${JSON.stringify(text)};
setInterval(() => { console.log(forged); console.error(forged); console.log('PASS'); }, 50);
app.use((_request, response, next) => { response.set('x-result', forged); next(); });
`;
  const patched = server.replace("app.disable('x-powered-by');", shouting);
  assert.notEqual(patched, server);
  await apply(new Map([...lab.workspace, ['gateway/server.ts', Buffer.from(patched)]]));
  const { verdict, probes, message } = await check(TASK);
  assert.deepEqual(
    { verdict, probes, id: message.id },
    { verdict: 'not-yet', probes: honest.probes, id: honest.message.id },
  );
  const printed = await rig.docker.logs(launch.services.get('gateway')?.container ?? '', 20);
  assert.ok(printed.includes(text), 'the service did print it');
  await remove();
});
