import { WebSocket } from 'ws';

/**
 * Runs as a process of its own, so that a test measures the server's memory alone. Arguments: address, headers as
 * JSON, kind of flood. Ends when all was echoed or the server closed; prints the close code, 0 for none.
 */
const [address = '', headers = '{}', kind = ''] = process.argv.slice(2);
const MESSAGES = 10_000;
const ws = new WebSocket(address, { headers: JSON.parse(headers), perMessageDeflate: false });
let echoed = 0;
let expected = 0;

const finish = (code: number) => {
  process.stdout.write(String(code));
  process.exit();
};
ws.on('error', () => {});
ws.on('close', finish);
ws.on('message', (data: Buffer, binary) => {
  if (!binary) return;
  for (const byte of data) {
    if (byte !== 48 + (echoed++ % 10)) finish(-1);
  }
  if (echoed === expected) finish(0);
});
ws.on('open', () => {
  if (kind === 'messages') {
    expected = MESSAGES;
    for (let at = 0; at < MESSAGES; at++) ws.send(Buffer.from(String(at % 10)));
  } else {
    for (let at = 0; at < 100_000; at++)
      ws.send(Buffer.from(kind === 'empty fragments' && at > 0 ? '' : '0'), { fin: false });
  }
});
