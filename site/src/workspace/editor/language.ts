import { javascript } from '@codemirror/lang-javascript';
import { yaml } from '@codemirror/lang-yaml';
import type { Extension } from '@codemirror/state';

/** Highlighting by file name; a file of another kind is plain text. */
export function languageOf(path: string): Extension {
  if (/\.[cm]?tsx?$/.test(path)) return javascript({ typescript: true });
  if (/\.([cm]?jsx?|json)$/.test(path)) return javascript();
  if (/\.ya?ml$/.test(path)) return yaml();
  return [];
}
