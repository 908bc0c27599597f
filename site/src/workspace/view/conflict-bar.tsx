import { useState } from 'preact/hooks';
import type { TextDocument } from '../model/text-document.ts';
import type { Workspace } from '../model/workspace.ts';

interface Props {
  readonly document: TextDocument;
  readonly documents: Workspace['documents'];
}

/** The file changed elsewhere while text here is unsaved. Nothing happens until the learner has chosen. */
export function ConflictBar({ document, documents }: Props) {
  const [looking, setLooking] = useState(false);
  const theirs = document.theirs.value;
  if (theirs === null) return null;
  return (
    <section class="conflict" role="alert">
      <p>
        <strong>{document.path} changed in the workbench</strong> after you opened it. Your text is safe in the editor
        and was not saved.
      </p>
      <p class="buttons">
        <button type="button" onClick={() => void documents.keepMine(document)}>
          Keep mine
        </button>
        <button type="button" onClick={() => document.settle(theirs)}>
          Take the other
        </button>
        <button type="button" class="quiet" aria-expanded={looking} onClick={() => setLooking(!looking)}>
          {looking ? 'Hide the other' : 'Show the other'}
        </button>
        <span>Taking the other can be undone with Ctrl+Z.</span>
      </p>
      {looking && (
        <pre tabIndex={0} role="region" aria-label={`The other version of ${document.path}`}>
          {theirs.content}
        </pre>
      )}
    </section>
  );
}
