import { DrydockError, type Readiness } from '#contract';
import { ROLES } from '../../core/policy/roles.ts';
import type { Channel, Engine } from '../../core/ports/engine.ts';

/** How long a service may take to come up, in seconds. */
const READY_SECONDS = 20;

/**
 * Waits until a service answers at its own position. The holder asks, over the loopback it shares with the service,
 * with a tool of the image the learner cannot change. Throws DrydockError `service-not-ready` with the service's last
 * lines.
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
  const reason = await drain(channel);
  if ((await channel.exitCode()) === 0) return;
  const logs = await engine.logs(service.container, 12).catch(() => '');
  throw new DrydockError(
    'service-not-ready',
    `${service.name} was started but did not answer within ${seconds} s (${reason.trim() || 'no answer'}).${lastLines(logs)}`,
  );
}

async function drain(channel: Channel): Promise<string> {
  let text = '';
  for await (const { bytes } of channel.output) text = (text + bytes.toString('utf8')).slice(-500);
  return text;
}

function lastLines(logs: string): string {
  return logs.trim() === '' ? ' It printed nothing.' : ` Its last lines:\n${logs.trimEnd()}`;
}
