import { inlineScriptHashes } from './inline-scripts.ts';

/**
 * The Content-Security-Policy of a page: its own scripts by hash, everything else from this server. Terminal and
 * editor write style elements of their own, so styles, unlike scripts, may be inline; the search needs WebAssembly.
 * `sockets` are the ws: origins, named because not every browser counts them as 'self'; an IPv6 address has no form in
 * a policy (CSP 3, host-part), so that one is left to 'self'.
 */
export function pagePolicy(html: string, sockets: readonly string[]): string {
  return [
    "default-src 'self'",
    ["script-src 'self' 'wasm-unsafe-eval'", ...inlineScriptHashes(html)].join(' '),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    ["connect-src 'self'", ...sockets.filter((origin) => !origin.includes('['))].join(' '),
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
