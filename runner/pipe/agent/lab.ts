#!/usr/bin/env node
// The `lab` command: hands its words to the agent and prints what the runner answers.
import { connect } from 'node:net';
import { encodeFrame, frameDecoder } from './frames.ts';
import { LAB_SOCKET } from './protocol.ts';

const decode = frameDecoder();
let code = 3;
const socket = connect(process.env['DRYDOCK_LAB_SOCKET'] ?? LAB_SOCKET, () =>
  socket.write(encodeFrame({ argv: process.argv.slice(2) })),
);
socket.on('data', (chunk) => {
  for (const message of decode(chunk) as { text?: string; code?: number }[]) {
    if (message.text !== undefined) process.stdout.write(message.text);
    if (message.code !== undefined) code = message.code;
  }
});
socket.on('error', (error) => {
  process.stderr.write(
    `The lab's runner cannot be reached (${error.message}). Your files are safe; try again in a moment.\n`,
  );
});
socket.on('close', () => {
  process.exitCode = code;
});
