import { useRef } from 'preact/hooks';
import type { Workspace } from '../model/workspace.ts';
import { EditorPane } from './editor-pane.tsx';
import { EvidencePane } from './evidence-pane.tsx';
import { FileTree } from './file-tree.tsx';
import { Splitter } from './splitter.tsx';
import { Terminals } from './terminals.tsx';

/** Editor above, terminal and evidence below; the lines between them can be moved, by keyboard too. */
export function Bench({ workspace }: { workspace: Workspace }) {
  const bench = useRef<HTMLDivElement>(null);
  const leave = () => {
    const editor = bench.current?.querySelector<HTMLElement>('.cm-content, .files button');
    editor?.focus();
  };
  return (
    <div class="bench" ref={bench}>
      <div class="upper">
        <FileTree documents={workspace.documents} />
        <EditorPane documents={workspace.documents} />
      </div>
      <Splitter bench={bench} label="Height of the editor" axis="y" />
      <div class="lower">
        <Terminals
          session={workspace.session.value?.id ?? ''}
          services={workspace.session.value?.services ?? []}
          leave={leave}
        />
        <Splitter bench={bench} label="Width of the terminal" axis="x" />
        <EvidencePane workspace={workspace} />
      </div>
    </div>
  );
}
