import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { mustOpen, until } from '../support/open-terminal.ts';
import { startServer } from '../support/start-server.ts';

const FLOODING_PEER = join(import.meta.dirname, '../support/flooding-peer.ts');
const MOST_GROWTH = 20 * 2 ** 20;
const ROUNDS = 6;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

for (const [kind, code] of [
  ['messages', 0],
  ['fragments', 1008],
  ['empty fragments', 1008],
] as const) {
  test(`W6 a flood of ${kind}: ${code === 0 ? 'all arrive in order' : `closed with ${code}`}, memory stays, a neighbour echoes`, async (t) => {
    const server = await startServer(t);
    const { id } = await server.sessions.open('ann', 'access-control');
    const cookie = await server.cookie('ann');
    const neighbour = await mustOpen(server, id, cookie);
    let round = 0;
    const flood = async () => {
      const address = `ws://127.0.0.1:${server.port}/api/sessions/${id}/terminal?target=workbench&name=n${round++}`;
      const headers = JSON.stringify({ origin: server.origin, cookie });
      return (await promisify(execFile)(process.execPath, [FLOODING_PEER, address, headers, kind])).stdout;
    };
    // The first flood brings heap and code to size; what a second one adds would be hoarding.
    assert.equal(await flood(), String(code));
    // A heap grows when its collector is late; only what every flood adds, and the collector leaves, is kept.
    const grown: number[] = [];
    while (grown.length < ROUNDS && Math.min(...grown) >= MOST_GROWTH) {
      collectGarbage();
      const before = process.memoryUsage().rss;
      const second = flood();
      neighbour.type('hi');
      await until('the neighbour echoes', () => neighbour.bytes() === 2 * (grown.length + 1));
      assert.equal(await second, String(code));
      collectGarbage();
      grown.push(process.memoryUsage().rss - before);
    }
    assert.ok(Math.min(...grown) < MOST_GROWTH, `grown by ${grown} bytes`);
    if (code !== 0) assert.ok(server.sessions.keeper.attachments.every((one) => one.typed.length <= 1));
  });
}
