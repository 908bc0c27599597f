import { DrydockError } from '#contract';

/** Before it, a crash could damage a database in WAL mode (https://www.sqlite.org/wal.html, "the WAL-reset bug"). */
const LEAST = [3, 51, 3] as const;

export function requireSqlite(version = process.versions.sqlite ?? '0'): void {
  const parts = version.split('.').map(Number);
  const difference = LEAST.map((least, i) => (parts[i] ?? 0) - least).find((one) => one !== 0) ?? 0;
  if (difference >= 0) return;
  throw new DrydockError(
    'environment',
    `This Node has SQLite ${version}, which can damage its files; ${LEAST.join('.')} is the first that does not.`,
    { hint: 'Use a newer Node, or run it through ./drydock, which brings one.' },
  );
}
