import { DrydockError, type TerminalDown } from '#contract';
import type { Channel } from '../core/ports/engine.ts';
import { keeperReader } from './keeper-reader.ts';
import { mergeOutput } from './merge-output.ts';
import type { OutputWindow } from './output-window.ts';

/** The shell exited, or the keeper let us go because somebody attached to the same shell. */
export type OutputEnd = { readonly type: 'exit'; readonly code: number } | { readonly type: 'let-go' };

interface Peer {
  send(data: string | Uint8Array): void;
  closed(): boolean;
  /** So many bytes of output were taken off the keeper's hands. */
  took(bytes: number): void;
}

const COMPLAINT_BYTES = 2000;

/**
 * Carries output from the keeper to the peer, pulling only while the window has room. Resolves when the output
 * ends or the peer is gone. Throws `workbench-lost` when the keeper fails.
 */
export async function pumpOutput(channel: Channel, window: OutputWindow, most: number, peer: Peer): Promise<OutputEnd> {
  const read = keeperReader();
  let complaint = '';
  let attached = false;
  for await (const chunk of channel.output) {
    if (peer.closed()) return { type: 'let-go' };
    if (chunk.stream === 'stderr') {
      complaint = (complaint + chunk.bytes.toString('utf8')).slice(-COMPLAINT_BYTES);
      continue;
    }
    for (const event of mergeOutput(read(chunk.bytes))) {
      if (event.type === 'exit') return event;
      if (event.type === 'output') {
        await sendOutput(event.bytes, window, most, peer);
        peer.took(event.bytes.length);
        continue;
      }
      attached = true;
      peer.send(JSON.stringify(event satisfies TerminalDown));
    }
  }
  if (peer.closed()) return { type: 'let-go' };
  const code = await channel.exitCode();
  if (attached && code === 0) return { type: 'let-go' };
  throw new DrydockError('workbench-lost', `The shell could not be reached (exit code ${code}). ${complaint}`.trim());
}

async function sendOutput(bytes: Buffer, window: OutputWindow, most: number, peer: Peer): Promise<void> {
  for (let offset = 0; offset < bytes.length; ) {
    const free = window.room();
    const room = typeof free === 'number' ? free : await free;
    if (room === 0) return;
    const part = bytes.subarray(offset, offset + Math.min(room, most));
    window.sent(part.length);
    peer.send(part);
    offset += part.length;
  }
}
