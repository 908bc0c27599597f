import { DrydockError, type Readiness } from '#contract';
import { ROLES } from '../../core/policy/roles.ts';
import type { Channel, Engine } from '../../core/ports/engine.ts';

/** How long a service may take to come up, in seconds. */
const READY_SECONDS = 20;
/** How much longer its answer may take to reach us. */
const MARGIN_SECONDS = 5;

/**
 * Waits until a service answers at its own position. The holder asks, over the loopback it shares with the service,
 * with a tool of the image the learner cannot change. Throws DrydockError `service-not-ready` with the service's last
 * lines, `engine-unavailable` when the engine does not bring the answer.
 */
export async function waitReady(
  engine: Engine,
  service: { name: string; container: string; holder: string; ready: Readiness },
  seconds = READY_SECONDS,
): Promise<void> {
  const { ready } = service;
  const question = ready.kind === 'http' ? ['http', `${ready.port}`, ready.path] : [ready.kind, `${ready.port}`];
  const channel = await engine.exec(service.holder, {
    argv: ['/opt/drydock/ready', ...question, String(seconds)],
    user: ROLES.holder.user,
  });
  // The tool ends by itself; a stream that stalls must not hold the start for ever.
  const late = setTimeout(() => channel.close(), (seconds + MARGIN_SECONDS) * 1000);
  const { reason, code } = await outcome(channel).finally(() => clearTimeout(late));
  if (code === 0) return;
  const logs = await engine.logs(service.container, 12).catch(() => '');
  throw new DrydockError(
    'service-not-ready',
    `${service.name} was started but did not answer within ${seconds} s (${reason.trim() || 'no answer'}).${lastLines(logs)}`,
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
