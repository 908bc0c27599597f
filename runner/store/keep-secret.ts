import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * A value made once and kept in a file only its owner may read. Of two processes that make it at once, one wins and
 * both use the winner's.
 */
export async function keepSecret(path: string, make: () => string): Promise<string> {
  const kept = await readFile(path, 'utf8').catch(() => '');
  if (kept.trim() !== '') return kept.trim();
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    const value = make();
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(`${value}\n`);
    await file.sync();
    await file.close();
    return value;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return (await readFile(path, 'utf8')).trim();
  }
}
