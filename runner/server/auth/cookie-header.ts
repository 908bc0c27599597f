/**
 * Host-bound by its prefix (draft-ietf-httpbis-rfc6265bis): a browser takes it only with Secure, Path=/ and no
 * Domain. Chromium and Firefox count http on a loopback address as secure.
 */
const NAME = '__Host-drydock';
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Strict';

/** `seconds` is how long the browser keeps it. */
export function cookieHeader(value: string, seconds: number): string {
  return `${NAME}=${value}; ${ATTRIBUTES}; Max-Age=${seconds}`;
}

/** Makes the browser forget it. */
export function clearedCookieHeader(): string {
  return cookieHeader('', 0);
}

/** Our cookie's value in a Cookie header, or null. */
export function readCookie(header: string | undefined): string | null {
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === NAME) return part.slice(at + 1).trim();
  }
  return null;
}
