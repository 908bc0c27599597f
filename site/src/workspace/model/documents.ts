import { computed, signal } from '@preact/signals';
import type { FileContent, FileEntry } from '#contract';
import { RequestFailed } from '../api/ask.ts';
import type { SessionApi } from '../api/session-api.ts';
import { createDrafts } from './drafts.ts';
import type { Notices } from './notices.ts';
import { openDocument, type TextDocument } from './text-document.ts';

interface Documents {
  readonly api: () => SessionApi;
  readonly notices: Notices;
  readonly drafts: Storage;
  readonly key: () => string;
}
export interface Spot {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** The workspace's files: the list, the opened ones with their unsaved text, and saving without ever losing any. */
export function createDocuments({ api, notices, drafts: storage, key }: Documents) {
  const files = signal<readonly FileEntry[]>([]);
  const opened = signal<ReadonlyMap<string, TextDocument>>(new Map());
  const current = signal<string | null>(null);
  const spot = signal<Spot | null>(null);
  const unapplied = signal<ReadonlySet<string>>(new Set());
  const drafts = createDrafts(storage, key);
  const dirty = computed(
    () => new Set([...opened.value.values()].filter((one) => one.dirty.value).map((one) => one.path)),
  );

  async function refresh(): Promise<void> {
    const list = (await api().files()).files;
    files.value = [...list].sort((a, b) => (a.path < b.path ? -1 : 1));
    for (const entry of list) {
      const document = opened.value.get(entry.path);
      if (!document || document.version.value === entry.version || document.saving.value) continue;
      await compare(document);
    }
  }

  /** The file is another one than we read: take it quietly if nothing is unsaved, else let the learner decide. */
  async function compare(document: TextDocument): Promise<void> {
    const theirs = await api().read(document.path);
    if (document.saving.value) return;
    if (document.dirty.value && theirs.content !== document.text.value) document.theirs.value = theirs;
    else document.settle(theirs);
  }

  async function open(path: string, at?: { line: number; column: number }): Promise<void> {
    try {
      if (!opened.value.has(path)) {
        const document = openDocument(await api().read(path), drafts);
        opened.value = new Map([...opened.value, [path, document]]);
      }
      current.value = path;
      spot.value = at ? { path, ...at } : null;
    } catch (error) {
      notices.failed(error);
    }
  }

  /** false when it could not be saved; the text stays in the editor and the reason is shown. */
  async function save(path: string): Promise<boolean> {
    const document = opened.value.get(path);
    if (!document || (!document.dirty.value && document.theirs.value === null)) return true;
    if (document.theirs.value !== null) return false;
    document.saving.value = true;
    try {
      const sent = document.text.value;
      document.saved(await api().write({ path, content: sent, version: document.version.value }));
      unapplied.value = new Set([...unapplied.value, path]);
      return true;
    } catch (error) {
      if (isChanged(error)) await showTheirs(document);
      else notices.failed(error);
      return false;
    } finally {
      document.saving.value = false;
    }
  }

  async function showTheirs(document: TextDocument): Promise<void> {
    try {
      document.theirs.value = await api().read(document.path);
    } catch (error) {
      // Deleted meanwhile: saving creates it again.
      if (error instanceof RequestFailed && error.failure.kind === 'problem') document.version.value = null;
      else throw error;
    }
  }

  async function saveAll(): Promise<boolean> {
    for (const path of dirty.value) {
      if (await save(path)) continue;
      current.value = path;
      return false;
    }
    return true;
  }

  async function create(path: string): Promise<void> {
    try {
      await api().write({ path, content: '', version: null });
      await refresh();
      await open(path);
    } catch (error) {
      notices.failed(error);
    }
  }

  return {
    files,
    opened,
    current,
    spot,
    dirty,
    unapplied,
    open,
    save,
    saveAll,
    create,
    applied() {
      unapplied.value = new Set();
    },
    /** What was put back on disk: unsaved text of it was given up by asking for that. */
    putBack(paths: readonly string[]) {
      for (const path of paths) drafts.drop(path);
      opened.value = new Map([...opened.value].filter(([path]) => !paths.includes(path)));
      if (current.value !== null && paths.includes(current.value)) {
        const path = current.value;
        current.value = null;
        void open(path);
      }
      unapplied.value = new Set([...unapplied.value, ...paths]);
    },
    refresh: () => refresh().catch(notices.failed),
    forget() {
      files.value = [];
      opened.value = new Map();
      current.value = null;
      unapplied.value = new Set();
    },
    keepMine(document: TextDocument) {
      const theirs: FileContent | null = document.theirs.value;
      if (theirs) document.version.value = theirs.version;
      document.theirs.value = null;
      return save(document.path);
    },
  };
}

function isChanged(error: unknown): boolean {
  return (
    error instanceof RequestFailed && error.failure.kind === 'problem' && error.failure.problem.name === 'file-changed'
  );
}
