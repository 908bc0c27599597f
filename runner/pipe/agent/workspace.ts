import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, mkdir, open, readdir, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
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

export async function readText(
  root: string,
  path: string,
): Promise<{ path: string; version: string; content: string }> {
  const bytes = await readPlain(root, path);
  const content = bytes.toString('utf8');
  if (!Buffer.from(content, 'utf8').equals(bytes)) throw new Refusal('not-text', `${path} is not UTF-8 text`);
  return { path, version: versionOf(bytes), content };
}

/** Reads without following a link at the end and without blocking on a pipe or device put in the file's place. */
async function readPlain(root: string, path: string): Promise<Buffer> {
  const full = await confined(root, path);
  const handle = await open(full, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch((error) => {
    throw refusalOf(error, path);
  });
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw new Refusal('not-a-file', `${path} is not a regular file`);
    if (stat.size > LIMITS.fileBytes)
      throw new Refusal('too-large', `${path} is larger than ${LIMITS.fileBytes} bytes`);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

export async function writeText(root: string, path: string, content: string, version: string | null) {
  const current = await readPlain(root, path).catch(nullIfMissing);
  const currentVersion = current === null ? null : versionOf(current);
  if (currentVersion !== version) throw new Refusal('changed', `${path} is not what the editor read`);
  const bytes = Buffer.from(content, 'utf8');
  await replaceFile(await confined(root, path, 'make'), path, bytes);
  return { path, version: versionOf(bytes), content };
}

/** Makes files what they are to be, or removes them, whatever they were. */
export async function putFiles(root: string, files: readonly PutFile[]): Promise<void> {
  for (const { path, content } of files) {
    if (content !== null) {
      await replaceFile(await confined(root, path, 'make'), path, Buffer.from(content, 'base64'));
      continue;
    }
    const full = await confined(root, path).catch(nullIfMissing);
    if (full !== null) await rm(full, { force: true, recursive: true });
  }
}

function nullIfMissing(error: unknown): null {
  if (error instanceof Refusal && error.refusal === 'missing') return null;
  throw error;
}

/** Old content or new, never half: writes beside the file, then renames over it. */
async function replaceFile(full: string, path: string, bytes: Uint8Array): Promise<void> {
  // What cannot be read again would keep every later snapshot from being taken.
  if (bytes.length > LIMITS.fileBytes)
    throw new Refusal('too-large', `${path} is larger than ${LIMITS.fileBytes} bytes`);
  const beside = join(dirname(full), `.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const handle = await open(beside, 'wx', 0o644);
    await handle.writeFile(bytes);
    await handle.sync();
    await handle.close();
    await rename(beside, full);
  } catch (error) {
    await rm(beside, { force: true });
    throw refusalOf(error as NodeJS.ErrnoException, path);
  }
}

/**
 * The path below root, its folders resolved one by one and, when asked, made: a link among them may not lead out of the
 * workspace, nor may a folder be made where it leads.
 */
async function confined(root: string, path: string, folders: 'find' | 'make' = 'find'): Promise<string> {
  const parts = path.split('/');
  if (path.includes('\0') || parts.some((part) => part === '' || part === '.' || part === '..')) {
    throw new Refusal('outside', `${path} is not a path inside the workspace`);
  }
  const refuse = (error: NodeJS.ErrnoException) => Promise.reject(refusalOf(error, path));
  const top = await realpath(root);
  let real = top;
  for (const part of parts.slice(0, -1)) {
    const folder = join(real, part);
    if (folders === 'make') await mkdir(folder).catch((error) => (error.code === 'EEXIST' ? undefined : refuse(error)));
    real = await realpath(folder).catch(refuse);
    if (real !== top && !real.startsWith(`${top}/`)) throw new Refusal('outside', `${path} leads out of the workspace`);
  }
  return join(real, parts.at(-1) ?? '');
}

function refusalOf(error: NodeJS.ErrnoException | Refusal, path: string): Refusal {
  if (error instanceof Refusal) return error;
  if (error.code === 'ENOENT') return new Refusal('missing', `${path} does not exist`);
  if (error.code === 'ELOOP') return new Refusal('outside', `${path} is a link`);
  if (error.code === 'ENXIO' || error.code === 'EISDIR')
    return new Refusal('not-a-file', `${path} is not a regular file`);
  return new Refusal('failed', `${path}: ${error.message}`);
}
