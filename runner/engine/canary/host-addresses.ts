import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';

/** A host of many addresses is as reachable at the first of them. */
const MOST = 24;

/** IPv4 addresses of this machine but loopback; of interfaces that are down too, as docker0 is without containers. */
export async function hostAddresses(): Promise<string[]> {
  const table = await readFile('/proc/net/fib_trie', 'utf8').catch(() => null);
  return (table === null ? addressesUp() : localAddresses(table)).slice(0, MOST);
}

/** The addresses a kernel's table of routes (`/proc/net/fib_trie`) has as the machine's own. */
export function localAddresses(table: string): string[] {
  const own = [...table.matchAll(/\|-- (\S+)\n\s+\/32 host LOCAL/g)].map(([, address = '']) => address);
  return [...new Set(own)].filter((address) => !address.startsWith('127.'));
}

const addressesUp = (): string[] =>
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
