import { DrydockError } from '#contract';

/** Under which names this server may be asked for, and from which pages it may be used. */
export interface OriginPolicy {
  /** Where a browser finds the server; the first is the one to print. */
  readonly origins: readonly string[];
  allowsHost(host: string | undefined): boolean;
  allowsOrigin(origin: string): boolean;
}

/**
 * Exactly the loopback names with this port, and the public address when there is one. The listen address itself
 * is not among them: on plain http off loopback no browser would keep the sign-in cookie.
 * Throws `usage` on a public address that is not an https origin.
 */
export function originPolicy(where: { readonly port: number; readonly publicUrl?: string | undefined }): OriginPolicy {
  const local = ['127.0.0.1', 'localhost', '[::1]'].map((name) => new URL(`http://${name}:${where.port}`));
  const all = where.publicUrl === undefined ? local : [publicOrigin(where.publicUrl), ...local];
  const origins = all.map((url) => url.origin);
  const hosts = new Set(all.map((url) => url.host));
  return {
    origins,
    allowsHost: (host) => host !== undefined && hosts.has(host.toLowerCase()),
    allowsOrigin: (origin) => origins.includes(origin),
  };
}

function publicOrigin(text: string): URL {
  const url = URL.parse(text);
  if (url?.protocol === 'https:' && url.pathname === '/' && !url.search && !url.hash && !url.username) return url;
  throw new DrydockError('usage', `--public-url has to be an https address without a path; it is "${text}".`, {
    hint: 'For example --public-url https://drydock.example.org, with a server that speaks TLS in front.',
  });
}
