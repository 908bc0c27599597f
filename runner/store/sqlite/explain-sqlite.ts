/** Primary result codes (https://www.sqlite.org/rescode.html) that a person can do something about. */
const REASONS: Readonly<Record<number, string>> = {
  5: 'another process holds it',
  8: 'it can only be read',
  10: 'the disk does not take it',
  11: 'it is damaged',
  13: 'the disk is full',
  14: 'it cannot be opened',
  26: 'it is no database of Drydock',
};
const SYSTEM: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the disk can only be read',
  EACCES: 'this user may not write it',
  EPERM: 'this user may not write it',
};

const BUSY = 5;
const DAMAGED: readonly number[] = [11, 26];

/** Half a sentence on what went wrong in SQLite or below; null for an error from elsewhere. */
export function explainSqlite(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const result = resultCode(error);
  if (result !== null) return [REASONS[result], error.message].filter(Boolean).join(': ');
  const { code, syscall } = error as NodeJS.ErrnoException;
  return syscall === undefined ? null : (SYSTEM[code ?? ''] ?? error.message);
}

export const isDamage = (error: unknown): boolean => DAMAGED.includes(resultCode(error) ?? 0);
export const isBusy = (error: unknown): boolean => resultCode(error) === BUSY;

/** Without the extension in the upper bytes; null when it is no error of SQLite. */
function resultCode(error: unknown): number | null {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  return code === 'ERR_SQLITE_ERROR' && typeof errcode === 'number' ? errcode & 0xff : null;
}
