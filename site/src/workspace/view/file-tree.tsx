import { useState } from 'preact/hooks';
import type { Workspace } from '../model/workspace.ts';
import { NewFile } from './new-file.tsx';

/** The workspace's files by folder. A dot marks text that is not saved yet. */
export function FileTree({ documents }: { documents: Workspace['documents'] }) {
  const [adding, setAdding] = useState(false);
  const folders = Map.groupBy(documents.files.value, (file) => file.path.split('/').slice(0, -1).join('/'));
  const inOrder = [...folders].sort(([a], [b]) => (a < b ? -1 : 1));
  return (
    <nav class="files" aria-label="Files">
      <div class="pane-head">
        <h2>Files</h2>
        <button
          type="button"
          class="quiet"
          aria-label="New file"
          aria-expanded={adding}
          onClick={() => setAdding(!adding)}
        >
          +
        </button>
      </div>
      {adding && <NewFile create={documents.create} done={() => setAdding(false)} />}
      {inOrder.map(([folder, files]) => (
        <section key={folder}>
          {folder !== '' && <h3>{folder}/</h3>}
          <ul>
            {files.map((file) => (
              <FileItem key={file.path} path={file.path} documents={documents} />
            ))}
          </ul>
        </section>
      ))}
      {inOrder.length === 0 && <p class="aside">Reading the files…</p>}
    </nav>
  );
}

function FileItem({ path, documents }: { path: string; documents: Workspace['documents'] }) {
  const dirty = documents.dirty.value.has(path);
  return (
    <li>
      <button
        type="button"
        aria-label={dirty ? `${path}, not saved` : path}
        aria-current={documents.current.value === path ? 'true' : undefined}
        onClick={() => void documents.open(path)}
      >
        {path.split('/').at(-1)}
        {dirty && (
          <span class="dot" aria-hidden="true">
            ●
          </span>
        )}
      </button>
    </li>
  );
}
