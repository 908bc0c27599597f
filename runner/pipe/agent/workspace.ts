import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readdir, readlink, realpath, rename, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type AgentRefusal, LIMITS, type PutFile, type SnapshotFile } from './protocol.ts';

export class Refusal extends Error {
  readonly refusal: AgentRefusal;
  constructor(refusal: AgentRefusal, message: string) {
    super(message);
    this.refusal = refusal;
  }
}

const versionOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Regular files below `root`, in order of their paths; links and hidden folders are passed over. */
export async function listFiles(root: string): Promise<{ path: string; bytes: number; version: string }[]> {
  const files = await snapshot(root);
  return files.map(({ path, content }) => {
    const bytes = Buffer.from(content, 'base64');
    return { path, bytes: bytes.length, version: versionOf(bytes) };
  });
}

/** Every file with its content. Refuses more than the limits, naming which. */
export async function snapshot(root: string): Promise<SnapshotFile[]> {
  const files: SnapshotFile[] = [];
  let total = 0;
  for await (const path of walk(root, root, 0)) {
    const bytes = await readPlain(root, path);
    total += bytes.length;
    if (files.length >= LIMITS.files)
      throw new Refusal('too-large', `the workspace holds more than ${LIMITS.files} files`);
    if (total > LIMITS.totalBytes)
      throw new Refusal('too-large', `the workspace holds more than ${LIMITS.totalBytes} bytes`);
    files.push({ path, content: bytes.toString('base64') });
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Changes whenever a file is made, removed or written. */
export async function signature(root: string): Promise<string> {
  const hash = createHash('sha256');
  let files = 0;
  for await (const path of walk(root, root, 0)) {
    if (++files > LIMITS.files) break;
    const stat = await lstat(join(root, path), { bigint: true }).catch(() => null);
    hash.update(`${path}\0${stat?.ino}\0${stat?.size}\0${stat?.mtimeNs}\0`);
  }
  return hash.digest('hex');
}

async function* walk(root: string, folder: string, depth: number): AsyncGenerator<string> {
  if (depth > LIMITS.depth) throw new Refusal('too-large', `folders are nested deeper than ${LIMITS.depth}`);
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
      yield* walk(root, path, depth + 1);
    else if (entry.isFile() && !entry.name.startsWith('.')) yield relative(root, path);
  }
}

/** `content` is Base64. */
export async function readText(
  root: string,
  path: string,
): Promise<{ path: string; version: string; content: string }> {
  const bytes = await readPlain(root, path);
  if (!Buffer.from(bytes.toString('utf8'), 'utf8').equals(bytes))
    throw new Refusal('not-text', `${path} is not UTF-8 text`);
  return { path, version: versionOf(bytes), content: bytes.toString('base64') };
}

/** Reads without following a link at the end and without blocking on a pipe or device put in the file's place. */
async function readPlain(root: string, path: string): Promise<Buffer> {
  await using place = await confined(root, path, 'find');
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  await using handle = await open(place.full, flags).catch(refuse(path));
  const stat = await handle.stat();
  if (!stat.isFile()) throw new Refusal('not-a-file', `${path} is not a regular file`);
  if (stat.size > LIMITS.fileBytes) throw new Refusal('too-large', `${path} is larger than ${LIMITS.fileBytes} bytes`);
  return await handle.readFile();
}

export async function writeText(root: string, path: string, bytes: Uint8Array, version: string | null) {
  const current = await readPlain(root, path).catch(nullIfMissing);
  const currentVersion = current === null ? null : versionOf(current);
  if (currentVersion !== version) throw new Refusal('changed', `${path} is not what the editor read`);
  await replaceFile(root, path, bytes);
  return { path, version: versionOf(bytes), content: Buffer.from(bytes).toString('base64') };
}

/** Makes files what they are to be, or removes them, whatever they were. */
export async function putFiles(root: string, files: readonly PutFile[]): Promise<void> {
  for (const { path, content } of files) {
    if (content !== null) {
      await replaceFile(root, path, Buffer.from(content, 'base64'));
      continue;
    }
    await using place = await confined(root, path, 'find').catch(nullIfMissing);
    if (place) await rm(place.full, { force: true, recursive: true });
  }
}

function nullIfMissing(error: unknown): null {
  if (error instanceof Refusal && error.refusal === 'missing') return null;
  throw error;
}

/** Old content or new, never half: writes beside the file, then renames over it. */
async function replaceFile(root: string, path: string, bytes: Uint8Array): Promise<void> {
  // What cannot be read again would keep every later snapshot from being taken.
  if (bytes.length > LIMITS.fileBytes)
    throw new Refusal('too-large', `${path} is larger than ${LIMITS.fileBytes} bytes`);
  await using place = await confined(root, path, 'make');
  const beside = join(place.folder, `.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const handle = await open(beside, 'wx', 0o644);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, place.full);
  } catch (error) {
    await rm(beside, { force: true });
    throw refusalOf(error as NodeJS.ErrnoException, path);
  }
}

/** A file's place, by the open folder it is in: whatever is renamed or linked meanwhile, the folder stays the same. */
interface Confined extends AsyncDisposable {
  readonly folder: string;
  readonly full: string;
}

/**
 * The folder of a path below root, opened and then asked where it is: a link on the way may not lead out of the
 * workspace. When asked, folders are made one by one, so that none is made where a link leads.
 */
async function confined(root: string, path: string, folders: 'find' | 'make'): Promise<Confined> {
  const parts = path.split('/');
  if (path.includes('\0') || parts.some((part) => part === '' || part === '.' || part === '..')) {
    throw new Refusal('outside', `${path} is not a path inside the workspace`);
  }
  const top = await realpath(root);
  const between = parts.slice(0, -1);
  let handle = await openFolder(top, folders === 'make' ? top : join(top, ...between), path);
  for (const part of folders === 'make' ? between : []) {
    const inside = join(pathOf(handle), part);
    try {
      await mkdir(inside).catch((error) => (error.code === 'EEXIST' ? undefined : refuse(path)(error)));
      const next = await openFolder(top, inside, path);
      await handle.close();
      handle = next;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }
  const folder = pathOf(handle);
  return {
    folder,
    full: join(folder, parts.at(-1) ?? ''),
    [Symbol.asyncDispose]: () => handle.close(),
  };
}

const pathOf = ({ fd }: FileHandle) => `/proc/self/fd/${fd}`;

async function openFolder(top: string, folder: string, path: string): Promise<FileHandle> {
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY).catch(refuse(path));
  const real = await readlink(pathOf(handle));
  if (real === top || real.startsWith(`${top}/`)) return handle;
  await handle.close();
  throw new Refusal('outside', `${path} leads out of the workspace`);
}

const refuse = (path: string) => (error: NodeJS.ErrnoException | Refusal) => Promise.reject(refusalOf(error, path));

function refusalOf(error: NodeJS.ErrnoException | Refusal, path: string): Refusal {
  if (error instanceof Refusal) return error;
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return new Refusal('missing', `${path} does not exist`);
  if (error.code === 'ELOOP') return new Refusal('outside', `${path} is a link`);
  if (error.code === 'ENXIO' || error.code === 'EISDIR')
    return new Refusal('not-a-file', `${path} is not a regular file`);
  return new Refusal('failed', `${path}: ${error.message}`);
}
