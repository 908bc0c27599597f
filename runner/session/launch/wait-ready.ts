import { setTimeout as pause } from 'node:timers/promises';
import { DrydockError, type Readiness } from '#contract';
import { ROLES } from '../../core/policy/roles.ts';
import type { Channel, Engine } from '../../core/ports/engine.ts';

/** How long a service may take to come up, in seconds. */
export const READY_SECONDS = 20;
/** How much longer its answer may take to reach us. */
const MARGIN_SECONDS = 5;
/** Between two looks at what it has printed. */
const PAUSE_MS = 200;

/**
 * Waits until a service answers at its own position. The holder asks, over the loopback it shares with the service,
 * with a tool of the image the learner cannot change. Throws DrydockError `service-not-ready` with the service's last
 * lines, `engine-unavailable` when the engine does not bring the answer; earlier when the wait is `given` up.
 */
export async function waitReady(
  engine: Engine,
  service: { name: string; container: string; holder: string; ready: Readiness },
  seconds = READY_SECONDS,
  given?: AbortSignal,
): Promise<void> {
  const { ready } = service;
  if (ready.kind === 'log') return waitPrinted(engine, service, ready.text, seconds);
  const question = ready.kind === 'http' ? ['http', `${ready.port}`, ready.path] : [ready.kind, `${ready.port}`];
  const channel = await engine.exec(service.holder, {
    argv: ['/opt/drydock/ready', ...question, String(seconds)],
    user: ROLES.holder.user,
  });
  // The tool ends by itself; a stream that stalls must not hold the start for ever.
  const late = setTimeout(() => channel.close(), (seconds + MARGIN_SECONDS) * 1000);
  const giveUp = () => channel.close();
  given?.addEventListener('abort', giveUp, { once: true });
  if (given?.aborted) giveUp();
  const { reason, code } = await outcome(channel).finally(() => {
    clearTimeout(late);
    given?.removeEventListener('abort', giveUp);
  });
  if (code === 0) return;
  const logs = await engine.logs(service.container, 12).catch(() => '');
  throw new DrydockError(
    'service-not-ready',
    `${service.name} was started but did not answer within ${seconds} s (${reason.trim() || 'no answer'}).${lastLines(logs)}`,
  );
}

/** For what listens on no port: until it has printed a text, and still runs. */
async function waitPrinted(
  engine: Engine,
  { name, container }: { name: string; container: string },
  text: string,
  seconds: number,
): Promise<void> {
  for (let left = Math.ceil((seconds * 1000) / PAUSE_MS); left > 0; left--) {
    if ((await engine.logs(container, 1000)).includes(text)) return;
    await pause(PAUSE_MS);
  }
  const logs = await engine.logs(container, 12).catch(() => '');
  throw new DrydockError(
    'service-not-ready',
    `${name} was started but did not print "${text}" within ${seconds} s.${lastLines(logs)}`,
  );
}

async function outcome(channel: Channel): Promise<{ reason: string; code: number }> {
  let reason = '';
  for await (const { bytes } of channel.output) reason = (reason + bytes.toString('utf8')).slice(-500);
  return { reason, code: await channel.exitCode() };
}

function lastLines(logs: string): string {
  return logs.trim() === '' ? ' It printed nothing.' : ` Its last lines:\n${logs.trimEnd()}`;
}
