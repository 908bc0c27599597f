import type { IncomingMessage } from 'node:http';
import { DrydockError } from '#contract';
import type { OriginPolicy } from './origin-policy.ts';

/**
 * Throws `wrong-host` unless the request names this server as it was announced. A page of a stranger whose name
 * was pointed at this address (DNS rebinding) asks under that name and ends here. Forwarded headers count nothing.
 */
export function checkHost(request: IncomingMessage, policy: OriginPolicy): void {
  const hosts = request.headersDistinct.host ?? [];
  const plainTarget = request.url?.startsWith('/') === true;
  if (hosts.length === 1 && plainTarget && policy.allowsHost(hosts[0])) return;
  throw new DrydockError('wrong-host', 'The request was for a name this server does not answer to.');
}
