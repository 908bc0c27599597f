#!/usr/bin/env node
// The `lab` command: hands its words to the agent and prints what the runner answers. When the runner wants its
// terminal (`lab shell`), every key goes there as it is typed, Ctrl-C included.
import { connect } from 'node:net';
import { encodeFrame, frameDecoder } from './frames.ts';
import { LAB_SOCKET } from './protocol.ts';

interface Answer {
  readonly text?: string;
  readonly output?: string;
  readonly attach?: true;
  readonly code?: number;
}

const { stdin, stdout, stderr } = process;
const decode = frameDecoder();
let code = 3;
const socket = connect(process.env['DRYDOCK_LAB_SOCKET'] ?? LAB_SOCKET, () =>
  say({ argv: process.argv.slice(2), size: size() }),
);
const say = (message: unknown) => socket.write(encodeFrame(message));
const size = () => (stdout.isTTY ? { cols: stdout.columns, rows: stdout.rows } : null);

socket.on('data', (chunk) => {
  for (const { text, output, attach, code: last } of decode(chunk) as Answer[]) {
    if (text !== undefined) {
      // What `lab` itself says comes after the terminal was given back.
      handBack();
      stdout.write(text);
    }
    if (output !== undefined) stdout.write(Buffer.from(output, 'base64'));
    if (attach) handOver();
    if (last !== undefined) code = last;
  }
});
socket.on('error', (error) => {
  stderr.write(`The lab's runner cannot be reached (${error.message}). Your files are safe; try again in a moment.\n`);
});
socket.on('close', () => {
  handBack();
  process.exit(code);
});

function handBack() {
  if (stdin.isTTY) stdin.setRawMode(false);
}

function handOver() {
  if (stdin.isTTY) stdin.setRawMode(true);
  stdout.on('resize', () => say({ size: size() }));
  stdin.on('data', (typed) => {
    for (let at = 0; at < typed.length; at += 32_768)
      say({ input: Buffer.from(typed.subarray(at, at + 32_768)).toString('base64') });
    if (!socket.writableNeedDrain) return;
    stdin.pause();
    socket.once('drain', () => stdin.resume());
  });
  stdin.on('end', () => say({ end: true }));
}
