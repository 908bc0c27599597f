import { connect } from 'node:net';

/** What a raw connection is told before the server hangs up, and after how long. */
export function raw(
  port: number,
  send: (write: (text: string) => void) => void,
): Promise<{ text: string; milliseconds: number }> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => send((more) => void (socket.destroyed || socket.write(more))));
    socket.on('data', (data) => (text += data.toString()));
    socket.on('error', reject);
    socket.on('close', () => resolve({ text, milliseconds: performance.now() - start }));
  });
}
