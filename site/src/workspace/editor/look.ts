import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const theme = EditorView.theme({
  '&': { height: '100%', fontSize: '13px', color: 'var(--ink)', backgroundColor: 'var(--sheet)' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.55' },
  '.cm-content': { caretColor: 'var(--accent)' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
  '.cm-gutters': { backgroundColor: 'var(--sheet-2)', color: 'var(--ink-2)', border: 'none' },
  '.cm-activeLine': { backgroundColor: 'light-dark(#0e5a660d, #6cc5cf0f)' },
  '.cm-activeLineGutter': { backgroundColor: 'var(--accent-soft)' },
  '.cm-cursor': { borderLeftColor: 'var(--accent)', borderLeftWidth: '2px' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'light-dark(#bfe0e4, #2b535b)',
  },
  '.cm-selectionMatch': { backgroundColor: 'light-dark(#e6efc9, #3b4420)' },
  '.cm-panels': { backgroundColor: 'var(--sheet-2)', color: 'var(--ink)' },
  '.cm-tooltip': { backgroundColor: 'var(--sheet-2)', border: '1px solid var(--line-strong)' },
});

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword], color: 'light-dark(#8a2c6e, #e39bc9)' },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: 'light-dark(#1c6b3a, #93d6a8)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: 'light-dark(#9a4a00, #f0b27a)' },
  { tag: [tags.comment, tags.meta], color: 'light-dark(#5f6f75, #8ea0a7)', fontStyle: 'italic' },
  { tag: [tags.typeName, tags.className, tags.namespace], color: 'light-dark(#0e5a66, #6cc5cf)' },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: 'light-dark(#1f4fa3, #9dbcf5)' },
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'light-dark(#1f4fa3, #9dbcf5)' },
]);

/** The editor in the page's colours, light and dark. */
export const look = [theme, syntaxHighlighting(colours)];
