import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

const SOURCE = join(import.meta.dirname, '../../labs/images/base/ready.c');
const compiler = ['gcc', 'cc'].find((name) => spawnSync(name, ['--version']).status === 0);
const skip = compiler ? false : 'no C compiler here; the tool is compiled in the base image';

describe('ready reach', { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'ready-test-'));
  const tool = join(folder, 'ready');
  const server = createServer((socket) => socket.destroy());
  let open = '';

  before(async () => {
    execFileSync(compiler ?? 'cc', ['-O1', '-std=gnu11', '-o', tool, SOURCE]);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    open = `${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  /** Exit code, what it printed, and how long it took in milliseconds. */
  function reach(...words: string[]) {
    const began = performance.now();
    const { status, stdout } = spawnSync(tool, ['reach', ...words], { encoding: 'utf8' });
    return { status, lines: stdout.split('\n').filter(Boolean).sort(), milliseconds: performance.now() - began };
  }

  it('tells what is open and what refuses, and does not wait once all have answered', () => {
    const { status, lines, milliseconds } = reach('127.0.0.1', open, '127.0.0.1', '9', '5');
    assert.deepEqual([status, lines], [0, ['127.0.0.1 9 refused', `127.0.0.1 ${open} open`].sort()]);
    assert.ok(milliseconds < 2000, `${milliseconds} ms`);
  });

  it('is silent about what gives no answer, and waits for it no longer than it was told', async () => {
    // Nobody takes who knocks while this process waits for the tool: beyond the backlog the kernel drops them.
    const narrow = createServer();
    await once(narrow.listen({ port: 0, host: '127.0.0.1', backlog: 1 }), 'listening');
    const { port } = narrow.address() as AddressInfo;
    const { status, lines, milliseconds } = reach(
      ...Array(8)
        .fill(['127.0.0.1', `${port}`])
        .flat(),
      '1',
    );
    narrow.close();
    assert.equal(status, 0);
    assert.ok(lines.length > 0 && lines.length < 8, `${lines.length} of 8 answered`);
    assert.ok(milliseconds > 900 && milliseconds < 3000, `${milliseconds} ms`);
  });

  it('is silent about an address it cannot read', () => {
    assert.deepEqual(reach('nowhere', '80', '1').lines, []);
  });

  it('refuses words it does not understand', () => {
    for (const words of [[], ['127.0.0.1'], ['127.0.0.1', '80'], Array(67).fill('1')]) {
      assert.equal(reach(...words).status, 2, words.join(' '));
    }
  });
});
