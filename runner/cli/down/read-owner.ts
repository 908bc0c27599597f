import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The id this DRYDOCK_HOME labels its containers with; null before its first start. */
export async function readOwner(home: string): Promise<string | null> {
  const text = await readFile(join(home, 'owner'), 'utf8').catch(() => '');
  return text.trim() || null;
}
