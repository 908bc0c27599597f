import { DrydockError } from '#contract';
import { type AgentRequest, type CloseReason, LIMITS } from './agent/protocol.ts';
import type { StreamEnd } from './agent/stream.ts';
import { DEADLINE_MS } from './questions.ts';

/** A connection to a host and port that the workbench reaches. What is not read holds its peer back. */
export type Tunnel = Pick<StreamEnd, 'write' | 'endInput' | 'output' | 'close'>;

type OpenStream = (
  request: (stream: number) => AgentRequest,
  failure: (why: CloseReason) => Error,
  opened: () => void,
) => StreamEnd;

const WHY: Record<CloseReason, string> = {
  closed: 'is closed',
  refused: 'was refused: nothing listens there',
  unreachable: 'could not be made: there is no such host, or it does not answer',
  reset: 'broke off',
};

export interface Tunnels {
  open(host: string, port: number): Promise<Tunnel>;
}

export function tunnels(openStream: OpenStream): Tunnels {
  let under = 0;
  return {
    /** Throws `too-many-requests`, `service-not-ready` when nothing answers there, and `workbench-lost`. */
    async open(host, port) {
      if (under >= LIMITS.tunnels)
        throw new DrydockError('too-many-requests', `There are ${LIMITS.tunnels} connections into this lab already.`, {
          hint: 'Wait until one of them ends.',
        });
      const failure = (why: CloseReason) =>
        new DrydockError('service-not-ready', `The connection to ${host}:${port} ${WHY[why]}.`, {
          hint: 'See whether the service runs and listens on this port: "lab logs SERVICE" shows its last lines.',
        });
      const opened = Promise.withResolvers<void>();
      under++;
      const end = openStream((stream) => ({ op: 'tunnel', stream, host, port }), failure, opened.resolve);
      void end.over.then(() => under--);
      const timer = setTimeout(() => {
        opened.reject(new DrydockError('workbench-lost', `The workbench did not connect to ${host}:${port} in time.`));
        end.close();
      }, DEADLINE_MS);
      try {
        await Promise.race([opened.promise, end.aborted.then((why) => Promise.reject(failure(why)))]);
      } finally {
        clearTimeout(timer);
        opened.promise.catch(() => undefined);
      }
      return end;
    },
  };
}
