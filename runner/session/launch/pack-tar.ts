import { pack } from 'tar-stream';

export interface TarFile {
  readonly path: string;
  readonly bytes: Buffer;
  readonly uid: number;
  readonly mode: number;
}

/** A plain, never compressed tar (a compressed one would make the engine run a decompressor). */
export async function packTar(
  files: readonly TarFile[],
  folders: readonly { path: string; uid: number }[] = [],
): Promise<Buffer> {
  const tar = pack();
  for (const { path, uid } of folders) tar.entry({ name: path, type: 'directory', uid, gid: uid, mode: 0o755 });
  for (const { path, bytes, uid, mode } of files) tar.entry({ name: path, uid, gid: uid, mode }, bytes);
  tar.finalize();
  return Buffer.concat(await Array.fromAsync(tar as AsyncIterable<Buffer>));
}
