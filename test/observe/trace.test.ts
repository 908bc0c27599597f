import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { createLog } from '../../runner/observe/create-log.ts';
import { createTrace } from '../../runner/observe/trace.ts';

function traced() {
  let made = 0;
  const lines: Record<string, unknown>[] = [];
  const trace = createTrace(() => `own-${++made}`);
  const log = createLog(trace, 'info', { write: (line: string) => void lines.push(JSON.parse(line)) });
  const idsOf = (msg: string) => lines.filter((line) => line['msg'] === msg).map(({ id, by }) => ({ id, by }));
  return { trace, log, lines, idsOf };
}

test('whatever a piece of work sets going is logged under its id, however it is interleaved', async () => {
  const { trace, log, lines } = traced();
  const work = async (name: string) => {
    await pause(Math.random() * 10);
    log.info({ name }, 'half');
    await Promise.all([pause(5), pause(1).then(() => log.info({ name }, 'branch'))]);
    log.info({ name }, 'end');
  };
  const names = Array.from({ length: 20 }, (_, at) => `work-${at}`);
  await Promise.all(names.map((name) => trace.run(name, () => work(name))));
  assert.equal(lines.length, 60);
  for (const { id, name } of lines) assert.equal(id, name);

  log.info('outside');
  assert.equal('id' in (lines.at(-1) ?? {}), false, 'control: without it there is no id');
});

test('work that goes on by itself has an id of its own and names the one it came from', async () => {
  const { trace, log, idsOf } = traced();
  let start = Promise.resolve();
  trace.run('request', () => {
    start = trace.apart(async () => {
      await pause(1);
      log.info('goes on');
    });
    log.info('answered');
  });
  await start;
  trace.apart(() => log.info('sweep'));
  assert.deepEqual(idsOf('answered'), [{ id: 'request', by: undefined }]);
  assert.deepEqual(idsOf('goes on'), [{ id: 'own-1', by: 'request' }]);
  assert.deepEqual(idsOf('sweep'), [{ id: 'own-2', by: undefined }]);
});

test("a bound listener runs under the id of whoever bound it, an unbound one under its emitter's", () => {
  const { trace, log, idsOf } = traced();
  const emitter = new EventEmitter();
  trace.run('mine', () => {
    emitter.on(
      'end',
      trace.bind(() => log.info('bound')),
    );
    emitter.on('end', () => log.info('unbound'));
  });
  trace.run('theirs', () => emitter.emit('end'));
  assert.deepEqual(idsOf('bound'), [{ id: 'mine', by: undefined }]);
  assert.deepEqual(idsOf('unbound'), [{ id: 'theirs', by: undefined }], 'control');
});

test('a level of the log that there is not is refused with those there are', () => {
  const { trace } = traced();
  assert.throws(() => createLog(trace, 'loud', { write() {} }), { name: 'usage', hint: /debug/ });
});

test('of an error the log has kind, code, message and place, not what hangs on it nor a text that was parsed', () => {
  const { log, lines } = traced();
  const refusal = Object.assign(new Error('refused'), { code: 'ENO', json: { argv: 'canary' } });
  log.warn({ err: refusal }, 'failed');
  assert.match(JSON.stringify(lines[0]), /"code":"ENO","message":"refused","stack":"\s+at /);
  assert.equal(JSON.stringify(lines[0]).includes('canary'), false);
  try {
    JSON.parse('canary');
  } catch (error) {
    assert.match(String(error), /canary/, 'control: the message does quote it');
    log.warn({ err: error }, 'failed');
  }
  assert.equal(JSON.stringify(lines[1]).includes('canary'), false);
});
