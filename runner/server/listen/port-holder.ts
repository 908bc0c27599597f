import { readdir, readFile, readlink } from 'node:fs/promises';

/** Which process listens on a TCP port, as "name (pid 123)"; null where the system does not tell (Linux only). */
export async function portHolder(port: number): Promise<string | null> {
  const inodes = (await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map((table) => listening(table, port)))).flat();
  if (inodes.length === 0) return null;
  const targets = new Set(inodes.map((inode) => `socket:[${inode}]`));
  const processes = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  for (const pid of processes) {
    const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const file of files) {
      if (!targets.has(await readlink(`/proc/${pid}/fd/${file}`).catch(() => ''))) continue;
      const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => 'a process');
      return `${name.trim()} (pid ${pid})`;
    }
  }
  return null;
}

/** Inodes of listening sockets, from a table of proc(5): column 1 is address:port, 3 the state, 9 the inode. */
async function listening(table: string, port: number): Promise<string[]> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = (await readFile(table, 'utf8').catch(() => '')).split('\n').slice(1);
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(suffix) && columns[3] === '0A')
    .map((columns) => columns[9] ?? '');
}
