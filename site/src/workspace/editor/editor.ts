import { autocompletion, closeBrackets } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { bracketMatching, foldGutter, indentOnInput } from '@codemirror/language';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import type { TextDocument } from '../model/text-document.ts';
import { languageOf } from './language.ts';
import { look } from './look.ts';

export interface EditorWishes {
  readonly save: (path: string) => void;
}

/** One editor on the page; each file keeps its own text, cursor and undo history while another is shown. */
export function mountEditor(place: HTMLElement, wishes: EditorWishes) {
  const states = new Map<string, EditorState>();
  const view = new EditorView({ parent: place });
  let shown: TextDocument | null = null;

  function show(document: TextDocument): void {
    if (shown) states.set(shown.path, view.state);
    shown = document;
    const kept = states.get(document.path);
    view.setState(kept ?? stateOf(document, wishes));
    take(document);
  }

  /** The text came from elsewhere: put it in as an edit, so that undo brings the own text back. */
  function take(document: TextDocument): void {
    const text = view.state.doc.toString();
    if (document !== shown || text === document.text.value) return;
    view.dispatch({ changes: { from: 0, to: text.length, insert: document.text.value } });
  }

  return {
    show,
    take,
    focus: () => view.focus(),
    /** Puts the cursor at a place, 1-based, and scrolls there. */
    go(line: number, column: number) {
      const at = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
      const anchor = Math.min(at.from + Math.max(column - 1, 0), at.to);
      view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
      view.focus();
    },
    dispose: () => view.destroy(),
  };
}

function stateOf(document: TextDocument, wishes: EditorWishes): EditorState {
  const run = () => {
    wishes.save(document.path);
    return true;
  };
  return EditorState.create({
    doc: document.text.value,
    extensions: [
      ...everyday,
      languageOf(document.path),
      keymap.of([
        { key: 'Mod-s', preventDefault: true, run },
        ...searchKeymap,
        ...historyKeymap,
        indentWithTab,
        ...defaultKeymap,
      ]),
      EditorView.contentAttributes.of({ 'aria-label': `Editor: ${document.path}` }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) document.type(update.state.doc.toString());
      }),
    ],
  });
}

const everyday: Extension[] = [
  lineNumbers(),
  foldGutter(),
  history(),
  drawSelection(),
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  autocompletion(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  highlightSelectionMatches(),
  EditorState.tabSize.of(2),
  look,
];
