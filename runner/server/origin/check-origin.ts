import type { IncomingHttpHeaders } from 'node:http';
import { DrydockError } from '#contract';
import type { OriginPolicy } from './origin-policy.ts';

/**
 * Throws `wrong-origin` when a page other than ours is asking. A request without Origin passes only where
 * `needed` is false: browsers always send it with a WebSocket and with whatever changes state.
 */
export function checkOrigin(headers: IncomingHttpHeaders, policy: OriginPolicy, needed: boolean): void {
  const { origin } = headers;
  if (origin === undefined ? needed : !policy.allowsOrigin(origin)) {
    throw new DrydockError('wrong-origin', 'The request did not come from a page of this server.');
  }
  const site = headers['sec-fetch-site'];
  if (needed && site !== undefined && site !== 'same-origin' && site !== 'none') {
    throw new DrydockError('wrong-origin', 'The browser says that a page of another site sent this request.');
  }
}
