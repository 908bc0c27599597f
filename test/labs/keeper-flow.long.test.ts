import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { compiledKeeper, NO_COMPILER } from './support/compiled-keeper.ts';
import { cpuTicks, resident } from './support/processes.ts';

describe('pty keeper, flow control', { skip: NO_COMPILER }, () => {
  const { keeper, open_, shell, freshName } = compiledKeeper();

  it('P3 Ctrl-C stops a flood within 300 ms, even while the client reads nothing', async () => {
    const client = shell();
    client.input('yes\n');
    await client.seen(/y\r\ny\r\n/);
    client.pause();
    await sleep(300);
    client.input('\u0003');
    client.input('echo after-$((1 + 1))\n');
    await sleep(50);
    const pressed = Date.now();
    client.resume();
    await client.seen(/after-2/);
    assert.ok(Date.now() - pressed < 300, `took ${Date.now() - pressed} ms`);
  });

  it('P4 holds the program back while the client reads nothing, and does not grow', async () => {
    const client = shell();
    client.input('yes\n');
    await client.seen(/y\r\ny\r\n/);
    const flooding = resident(keeper);
    client.pause();
    await sleep(300);
    const [before] = await cpuTicks('yes');
    await sleep(500);
    const [later] = await cpuTicks('yes');
    assert.equal(later, before, 'the blocked program used no time');
    assert.ok(resident(keeper) - flooding < 512, 'KiB more than at the start of the flood');
    client.input('\u0003');
    client.resume();
  });

  it('P3 sends no more output than it has credit for, holds the program back meanwhile, and goes on with more', async () => {
    const client = open_(freshName(), { program: ['/usr/bin/yes'], credit: 1000 });
    await sleep(500);
    assert.equal(client.output().length, 1000);
    const [before] = await cpuTicks('yes');
    await sleep(500);
    const [later] = await cpuTicks('yes');
    assert.equal(later, before, 'the blocked program used no time');
    client.credit(100_000);
    await sleep(500);
    assert.equal(client.output().length, 101_000);
  });

  it('tells the end of a shell behind all of its output, which waits for credit', async () => {
    const client = open_(freshName(), { program: ['/usr/bin/seq', '1', '1000'], credit: 10 });
    let code: number | null = null;
    void client.exited().then((told) => (code = told));
    await sleep(300);
    assert.equal(code, null);
    client.credit(100_000);
    assert.equal(await client.exited(), 0);
    assert.match(client.output().toString(), /\r\n1000\r\n$/);
  });

  it('L6 the order to end gets in, and the end is told, without any credit', async () => {
    const client = open_(freshName(), { program: ['/usr/bin/yes'], credit: 0 });
    await client.attached();
    client.endShell();
    assert.notEqual(await client.exited(), 0);
  });
});
