import type { DatabaseSync } from 'node:sqlite';

/** What SQLite finds wrong first, or null. `quick_check` leaves out whether indexes agree with their tables. */
export function findDamage(database: DatabaseSync, check: 'quick_check' | 'integrity_check'): string | null {
  const [found] = Object.values(database.prepare(`pragma ${check}(1)`).get() ?? {});
  return found === 'ok' ? null : String(found).replaceAll('\n', ' ');
}
