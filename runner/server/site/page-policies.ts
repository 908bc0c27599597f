import { readFileSync, type Stats } from 'node:fs';
import { pagePolicy } from './page-policy.ts';

/** The policy of a page's file, worked out again only when the file changes. */
export function pagePolicies(sockets: readonly string[]): (file: string, stat: Stats) => string {
  const known = new Map<string, { readonly version: string; readonly policy: string }>();
  return (file, stat) => {
    const version = `${stat.mtimeMs} ${stat.size}`;
    const found = known.get(file);
    if (found?.version === version) return found.policy;
    const policy = pagePolicy(readFileSync(file, 'utf8'), sockets);
    known.set(file, { version, policy });
    return policy;
  };
}
