import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { compiledKeeper, NO_COMPILER } from './support/compiled-keeper.ts';
import { frame } from './support/keeper-client.ts';
import { isAlive, keepersOf } from './support/processes.ts';

describe('pty keeper', { skip: NO_COMPILER }, () => {
  const { keeper, open_, shell, freshName, folder } = compiledKeeper();

  it('runs what is typed and gives the output back', async () => {
    const client = shell();
    assert.deepEqual(await client.attached(), { seq: 0n, skipped: 0n });
    client.input('echo $((6 * 7))-$TERM\n');
    await client.seen(/42-xterm-256color/);
  });

  it('tells the program the size of the window, also after a resize', async () => {
    const client = shell();
    client.input('stty size\n');
    await client.seen(/24 80/);
    client.resize(123, 45);
    client.input('stty size\n');
    await client.seen(/45 123/);
  });

  it('starts the program in HOME', async () => {
    const client = open_(freshName(), { program: ['/bin/pwd'], home: folder });
    await client.seen(new RegExp(folder));
    assert.equal(await client.exited(), 0);
  });

  it('reports the exit code after all output, and the next attach gets a new shell', async () => {
    const name = freshName();
    const client = shell(name);
    client.input('seq 1 2000; exit 7\n');
    assert.equal(await client.exited(), 7);
    assert.match(client.output().toString(), /\r\n2000\r\n/);
    await client.ended;
    const next = shell(name);
    assert.equal((await next.attached()).seq, 0n);
  });

  it('reports 127 for a program that does not exist', async () => {
    const client = open_(freshName(), { program: ['/no/such/program'] });
    assert.equal(await client.exited(), 127);
  });

  it('L6 gives every byte once to a client that comes back with its number', async () => {
    const name = freshName();
    const first = shell(name);
    first.input('stty -echo; PS1=; printf READY\n');
    await first.seen(/READY$/);
    first.input('for i in $(seq 1 3000); do echo line $i; [ $i = 1500 ] && sleep 0.2; done; echo DONE\n');
    await first.seen(/line 200\r/);
    first.cut();
    await first.ended;
    const had = first.output();
    await sleep(300);
    const second = open_(name, { from: BigInt(had.length) });
    assert.deepEqual(await second.attached(), { seq: BigInt(had.length), skipped: 0n });
    await second.seen(/DONE/);
    const all = Buffer.concat([had, second.output()]).toString();
    const lines = [...all.matchAll(/line (\d+)\r\n/g)].map(([, number]) => Number(number));
    assert.deepEqual(
      lines,
      Array.from({ length: 3000 }, (_, index) => index + 1),
    );
  });

  it('L6 says how many bytes were skipped when the ring has moved on', async () => {
    const name = freshName();
    const first = shell(name);
    first.input('stty -echo; PS1=; printf READY\n');
    await first.seen(/READY$/);
    const had = BigInt(first.output().length);
    first.input('sleep 0.3; head -c 1000000 /dev/zero | tr "\\0" x; echo DONE\n');
    await sleep(100);
    first.cut();
    await sleep(1000);
    const second = open_(name, { from: had });
    const { seq, skipped } = await second.attached();
    await second.seen(/DONE/);
    assert.equal(seq, had + skipped);
    assert.equal(skipped + BigInt(second.output().length), 1_000_000n + BigInt('DONE\r\n'.length));
    assert.equal(second.output().length, 256 * 1024);
  });

  it('hands the shell to whoever attaches last', async () => {
    const name = freshName();
    const first = shell(name);
    first.input('MARK=kept\n');
    await first.seen(/kept/);
    const second = shell(name);
    await second.attached();
    await first.ended;
    second.input('echo "<$MARK>"\n');
    await second.seen(/<kept>/);
  });

  it('two attaches at the same moment share one shell', async () => {
    const name = freshName();
    const clients = [shell(name), shell(name), shell(name)];
    const settled = await Promise.allSettled(clients.map((client) => client.attached()));
    assert.ok(settled.some(({ status }) => status === 'fulfilled'));
    await sleep(200);
    assert.equal(keepersOf(keeper, name), 1);
  });

  it('takes a paste larger than the terminal does at once', async () => {
    const client = shell();
    client.input('stty raw -echo; printf RAW; head -c 300000 | cksum; stty sane\n');
    await client.seen(/RAW$/);
    for (let part = 0; part < 10; part++) client.input('0123456789'.repeat(3000));
    await client.seen(/ 300000/);
  });

  for (const [what, bytes] of [
    ['an unknown type', frame('z', Buffer.from('x'))],
    ['a length above 64 KiB', Buffer.concat([Buffer.from('i'), Buffer.from([0, 1, 0, 1])])],
    ['a resize of the wrong length', frame('r', Buffer.from('x'))],
    ['credit of the wrong length', frame('c', Buffer.from('x'))],
    ['a second hello', frame('h', Buffer.alloc(12))],
  ] as const) {
    it(`drops a client that sends ${what}, never the shell`, async () => {
      const name = freshName();
      const client = shell(name);
      client.input('MARK=alive\n');
      await client.seen(/alive/);
      client.raw(bytes);
      await client.ended;
      const next = shell(name);
      next.input('echo "<$MARK>"\n');
      await next.seen(/<alive>/);
    });
  }

  it('L6 asked to end, it ends the shell and its background jobs, those that ignore a hang-up too', async () => {
    for (const deaf of ['nobody', 'job', 'shell and job']) {
      const client = open_(freshName(), { program: ['/bin/bash', '--norc', '-i'] });
      if (deaf === 'shell and job') client.input('trap "" HUP\n');
      client.input(`${deaf === 'job' ? 'nohup ' : ''}sleep 4711 >/dev/null 2>&1 & disown; echo PID=$!\n`);
      const pid = (await client.seen(/PID=\d+/)).slice(4);
      assert.ok(isAlive(pid));
      client.endShell();
      assert.notEqual(await client.exited(), 0);
      await client.ended;
      // The kill was sent; a busy machine takes a moment to carry it out.
      for (let look = 0; look < 50 && isAlive(pid); look++) await sleep(20);
      assert.ok(!isAlive(pid), `deaf: ${deaf}`);
    }
  });

  it('L6 control: a job that left the session by setsid outlives the shell, as documented', async () => {
    const client = open_(freshName(), { program: ['/bin/bash', '--norc', '-i'] });
    client.input("setsid sh -c 'echo PID=$$; exec sleep 4711' &\n");
    const pid = (await client.seen(/PID=\d+/)).slice(4);
    client.endShell();
    await client.ended;
    assert.ok(isAlive(pid));
    process.kill(Number(pid), 'SIGKILL');
  });

  it('L6 the order to end gets in while the shell takes no input and nobody reads its output', async () => {
    const name = freshName();
    const client = shell(name);
    client.input('yes & sleep 4711\n');
    await client.seen(/y\r\ny\r\n/);
    client.pause();
    for (let part = 0; part < 40; part++) client.input('a line\n'.repeat(9000));
    await sleep(200);
    const next = shell(name);
    next.endShell();
    const began = performance.now();
    await next.exited();
    await next.ended;
    assert.ok(performance.now() - began < 5000);
    assert.equal(keepersOf(keeper, name), 0);
  });

  it('refuses names that are no names, and a folder that is not its own alone', () => {
    for (const name of ['../x', 'A', '', 'x'.repeat(33)]) {
      assert.equal(spawnSync(keeper, ['attach', name], { input: '' }).status, 2, name);
    }
  });
});
