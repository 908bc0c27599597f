import { InvalidArgumentError } from 'commander';

/** A port number, 1 to 65535; 0 lets the system choose. */
export function parsePort(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError('A port is a number from 0 to 65535.');
  return Number(text);
}

/** An origin as a browser shows it: scheme, host, perhaps a port, no path. */
export function parsePublicUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol) || (url.pathname !== '/' && url.pathname !== '')) {
    throw new InvalidArgumentError('Give the address without a path, as in https://drydock.example.');
  }
  return url.origin;
}

/** How often something is repeated: 1 to 1000. */
export function parseRuns(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text) || Number(text) > 1000)
    throw new InvalidArgumentError('Give a number from 1 to 1000.');
  return Number(text);
}
