import { computed, signal } from '@preact/signals';
import type { FileContent } from '#contract';
import type { createDrafts } from './drafts.ts';

export type TextDocument = ReturnType<typeof openDocument>;

/** One opened file: the text as typed, the text as last read or saved, and the other version after a conflict. */
export function openDocument(read: FileContent, drafts: ReturnType<typeof createDrafts>) {
  const base = signal(read.content);
  const draft = drafts.read(read.path);
  const text = signal(draft ?? read.content);
  const version = signal<string | null>(read.version);
  const theirs = signal<FileContent | null>(null);
  const saving = signal(false);
  /** Counts texts that came from outside; the editor takes the text over when it moves, undoably. */
  const replaced = signal(0);
  const dirty = computed(() => text.value !== base.value);

  function settle(content: FileContent) {
    base.value = content.content;
    version.value = content.version;
    theirs.value = null;
    if (text.value !== content.content) {
      text.value = content.content;
      replaced.value += 1;
    }
    drafts.drop(read.path);
  }

  return {
    path: read.path,
    text,
    version,
    theirs,
    saving,
    replaced,
    dirty,
    restored: draft !== null && draft !== read.content,
    /** The learner typed. */
    type(next: string) {
      text.value = next;
      if (next === base.value) drafts.drop(read.path);
      else drafts.keep(read.path, next);
    },
    /** What we sent is what is there now; typing may have gone on meanwhile and stays unsaved. */
    saved(content: FileContent) {
      base.value = content.content;
      version.value = content.version;
      if (text.value === content.content) drafts.drop(read.path);
    },
    /** Take the file as it is on disk. In the editor one undo brings the own text back. */
    settle,
  };
}
