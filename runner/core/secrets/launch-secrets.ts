import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Scenario, SecretKind } from '#contract';

/** Name of a secret → its value in this launch. */
export type LaunchSecrets = Readonly<Record<string, string>>;

/**
 * Every secret of a launch, derived: HMAC-SHA-256(runner key, "launch id/secret name") (RFC 2104). Two launches
 * never share one, and nothing has to be stored to know it again.
 */
export function launchSecrets(key: Uint8Array, launch: string, declared: Scenario['secrets']): LaunchSecrets {
  return Object.fromEntries(
    Object.entries(declared).map(([name, kind]) => [name, value(kind, derive(key, `${launch}/${name}`))]),
  );
}

function derive(key: Uint8Array, label: string): Buffer {
  return createHmac('sha256', key).update(label).digest();
}

function value(kind: SecretKind, bytes: Buffer): string {
  switch (kind.kind) {
    case 'random':
      return bytes.toString('hex');
    case 'flag':
      return `flag{${bytes.toString('hex').slice(0, 32)}}`;
    case 'word':
      return kind.words[bytes.readUInt32BE() % kind.words.length] ?? '';
  }
}

/** Name of the secret that holds the flag of a break task. */
export function flagSecret(declared: Scenario['secrets'], task: string): string | undefined {
  return Object.entries(declared).find(([, kind]) => kind.kind === 'flag' && kind.task === task)?.[0];
}

/** Compares in constant time; lengths may differ. */
export function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHmac('sha256', 'compare').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
