import { useEffect, useRef, useState } from 'preact/hooks';
import type { mountEditor } from '../editor/editor.ts';
import type { Workspace } from '../model/workspace.ts';
import { ConflictBar } from './conflict-bar.tsx';

/** The file that is open. The editor itself is fetched when the first file is opened. */
export function EditorPane({ documents }: { documents: Workspace['documents'] }) {
  const place = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<ReturnType<typeof mountEditor> | null>(null);
  const path = documents.current.value;
  const document = path === null ? undefined : documents.opened.value.get(path);
  const spot = documents.spot.value;

  useEffect(() => {
    if (path === null || editor !== null) return;
    let gone = false;
    void import('../editor/editor.ts').then((module) => {
      if (gone || place.current === null) return;
      setEditor(module.mountEditor(place.current, { save: (wanted) => void documents.save(wanted) }));
    });
    return () => {
      gone = true;
    };
  }, [path, editor]);
  useEffect(() => () => editor?.dispose(), [editor]);
  useEffect(() => {
    if (editor === null || !document) return;
    editor.show(document);
    if (spot?.path === document.path) editor.go(spot.line, spot.column);
  }, [editor, document, spot]);
  useEffect(() => {
    if (editor !== null && document) editor.take(document);
  }, [editor, document, document?.replaced.value]);

  return (
    <section class="editor" aria-label="Editor">
      <div class="pane-head">
        <h2 class="path">{path ?? 'No file open'}</h2>
        {document?.dirty.value && <span class="dirty">not saved</span>}
        {document?.restored && document.dirty.value && <span class="dirty">restored from this browser</span>}
        <span class="keys">Ctrl+S saves · Esc, then Tab leaves</span>
      </div>
      {document?.theirs.value && <ConflictBar document={document} documents={documents} />}
      <div class="editor-place" ref={place}>
        {path === null && (
          <p class="empty">
            Choose a file on the left. Saving changes it in your workbench; Apply puts it into the services.
          </p>
        )}
      </div>
    </section>
  );
}
