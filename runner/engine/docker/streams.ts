import { setTimeout as pause } from 'node:timers/promises';
import type { Channel, ExecSpec } from '../../core/ports/engine.ts';
import { DEADLINE } from './call.ts';
import { socketChannel } from './channel.ts';
import type { Client } from './client.ts';
import { noAnswer } from './errors.ts';
import { hijack } from './hijack.ts';
import { waitContainer } from './wait-container.ts';

/** A pair nobody types: the default, Ctrl-P Ctrl-Q, would hold back every Ctrl-P. */
const DETACH_KEYS = 'ctrl-^,ctrl-_';
const EXIT_LOOKS = 100;

/** Attaches to a container that is about to be started. */
export async function attach(client: Client, id: string): Promise<Channel> {
  const path = `/containers/${id}/attach?stream=1&stdin=1&stdout=1&stderr=1`;
  const hijacked = await client.call(`attach to the container ${id}`, { deadline: DEADLINE.ask }, (signal) =>
    hijack(client.address, path, '', signal),
  );
  return socketChannel(hijacked, `the container ${id}`, () => waitContainer(client, id));
}

export async function exec(client: Client, id: string, spec: ExecSpec): Promise<Channel> {
  const asked = `run ${spec.argv[0]} in the container ${id}`;
  const execId = await client.call(asked, { deadline: DEADLINE.make }, async (abortSignal) => {
    const created = await client.docker.getContainer(id).exec({
      Cmd: [...spec.argv],
      User: spec.user,
      Env: Object.entries(spec.env ?? {}).map(([name, value]) => `${name}=${value}`),
      // Never the container's own: a learner may have made that a link to something of the host.
      WorkingDir: '/',
      Privileged: false,
      Tty: false,
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
      DetachKeys: DETACH_KEYS,
      abortSignal,
    });
    return created.id;
  });
  const hijacked = await client.call(asked, { deadline: DEADLINE.make }, (signal) =>
    hijack(client.address, `/exec/${execId}/start`, JSON.stringify({ Detach: false, Tty: false }), signal),
  );
  return socketChannel(hijacked, `${spec.argv[0]} in the container ${id}`, () => execExit(client, execId, asked));
}

/** Output ends a moment before the engine has booked the exit. */
async function execExit(client: Client, execId: string, asked: string): Promise<number> {
  for (let look = 0; look < EXIT_LOOKS; look++) {
    const state = await client.call(asked, { deadline: DEADLINE.ask, idempotent: true }, (abortSignal) =>
      client.docker.getExec(execId).inspect({ abortSignal }),
    );
    if (!state.Running && state.ExitCode !== null) return state.ExitCode;
    await pause(Math.min(100, 2 * (look + 1)));
  }
  return client.call(asked, { deadline: DEADLINE.ask }, async () => {
    throw noAnswer('never said how it ended');
  });
}
