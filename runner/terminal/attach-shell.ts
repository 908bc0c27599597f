import type { Channel } from '../core/ports/engine.ts';
import type { AttachShell, Screen, ShellPeer } from '../core/ports/shell.ts';
import { creditFrame, helloFrame, inputFrame, resizeFrame } from './keeper-frames.ts';
import { OUTPUT_CREDIT, outputCredit } from './output-credit.ts';
import type { OutputWindow } from './output-window.ts';
import { pumpOutput } from './pump-output.ts';

const KEEPER = '/opt/drydock/keeper';
const CTRL_D = Buffer.of(4);
/** What is written at once; the peer's own window is larger. */
const PIECE = 32 * 1024;

/** A shell on a stream with back-pressure of its own, where attachTerminal has a WebSocket. */
export const attachShell: AttachShell = async (place, name, peer) => {
  const argv = [KEEPER, 'attach', name, '--', ...place.shell];
  const channel = await place.engine.exec(place.container, { argv, user: place.user });
  const drop = () => channel.close();
  peer.gone.addEventListener('abort', drop);
  try {
    await channel.write(helloFrame(undefined, peer.screen.cols, peer.screen.rows));
    await channel.write(creditFrame(OUTPUT_CREDIT));
    peer.onResize(latestOnly((screen) => channel.write(resizeFrame(screen.cols, screen.rows)), drop));
    type(peer, channel).catch(drop);
    return await show(peer, channel);
  } finally {
    peer.gone.removeEventListener('abort', drop);
    channel.close();
  }
};

async function type(peer: ShellPeer, channel: Channel): Promise<void> {
  for await (const bytes of peer.input) {
    for (let at = 0; at < bytes.length; at += PIECE) await channel.write(inputFrame(bytes.subarray(at, at + PIECE)));
  }
  if (!peer.gone.aborted) await channel.write(inputFrame(CTRL_D));
}

async function show(peer: ShellPeer, channel: Channel) {
  let writing: Promise<unknown> = Promise.resolve();
  let broken = false;
  const closed = () => broken || peer.gone.aborted;
  const window: OutputWindow = {
    room: () => writing.then(() => (closed() ? 0 : PIECE)),
    sent() {},
    acked: () => true,
    drained() {},
    close() {},
  };
  const send = (data: string | Uint8Array) => {
    if (typeof data === 'string') return;
    writing = peer.write(data).catch(() => (broken = true));
  };
  const took = outputCredit({ take: () => undefined }, (bytes) => {
    channel.write(creditFrame(bytes)).catch(() => (broken = true));
  });
  const end = await pumpOutput(channel, window, PIECE, { send, closed, took });
  await writing;
  return end;
}

/** One at a time; of those that come meanwhile only the last counts. */
function latestOnly(apply: (screen: Screen) => Promise<void>, failed: () => void): (screen: Screen) => void {
  let latest: Screen | null = null;
  let busy = false;
  return async (screen) => {
    latest = screen;
    if (busy) return;
    busy = true;
    try {
      for (let next: Screen | null = latest; next; next = latest) {
        latest = null;
        await apply(next);
      }
    } catch {
      failed();
    } finally {
      busy = false;
    }
  };
}
