import { DrydockError } from '#contract';
import type { Screen } from '../core/ports/shell.ts';
import type { LabCall } from '../pipe/lab-calls.ts';
import { type HeldSession, launched } from './held-session.ts';
import type { SessionDeps } from './session-deps.ts';
import { terminalPlace } from './terminal-place.ts';

/** What a terminal that does not tell its size is taken for. */
const UNTOLD: Screen = { cols: 80, rows: 24 };

/** A shell in a service, in the terminal `lab` was typed in. Resolves with the shell's exit code. */
export async function labShell(
  deps: SessionDeps,
  held: HeldSession,
  call: Pick<LabCall, 'attach' | 'size' | 'gone' | 'print'>,
  service: string,
  name: string,
): Promise<number> {
  const { services } = launched(held);
  if (!services.has(service))
    throw new DrydockError('bad-request', `This lab has no service "${service}".`, {
      hint: `Its services are ${[...services.keys()].join(', ')}.`,
    });
  if (!/^[a-z0-9-]{1,32}$/.test(name))
    throw new DrydockError('bad-request', `"${name}" is no name for a shell.`, {
      hint: 'A name has 1 to 32 lower-case letters, digits and hyphens.',
    });
  let resized = (_: Screen) => {};
  const stream = call.attach((screen) => resized(screen));
  const end = await deps.attachShell(terminalPlace(deps.engine, held, service), name, {
    screen: call.size ?? UNTOLD,
    input: stream.output,
    write: (bytes) => stream.write(bytes),
    onResize(listener) {
      resized = listener;
    },
    gone: call.gone,
  });
  if (end.type === 'exit') return end.code;
  call.print(`\nThe shell "${name}" on ${service} was opened in another place; it goes on there.\n`);
  return 0;
}
