import { type Document, isMap, isNode, isPair, isSeq, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { DrydockError, type Place } from '#contract';
import { yamlSurprises } from './yaml-surprises.ts';

/** A parsed file that still knows where each of its values stands. */
export interface Source<T> {
  readonly file: string;
  readonly value: T;
  /** The place of a value by its path, or of the nearest enclosing one; 1-based. */
  place(path: readonly PropertyKey[], message: string): Place;
}

/** Characters of the largest file: broken YAML takes longer to read than good YAML, and it is a learner's to write. */
const MAX_LENGTH = 64 * 1024;
/** More places than these help nobody. */
const MAX_PLACES = 20;

/**
 * Parses a YAML file once, at the door. Throws DrydockError `invalid-file` that names the wrong places, the first 20
 * of them, by file, line and column. YAML 1.2 core schema, whatever version the file asks for; one document, no
 * aliases, no repeated keys.
 */
export function parseYaml<S extends z.ZodType>(text: string, file: string, schema: S): Source<z.output<S>> {
  const lines = new LineCounter();
  const at = (offset: number, message: string): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col, message };
  };
  if (text.length > MAX_LENGTH) {
    throw invalid(file, [{ file, line: 1, column: 1, message: `the file is longer than ${MAX_LENGTH} characters` }]);
  }
  const document = parseDocument(text, {
    lineCounter: lines,
    schema: 'core',
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
  });
  const unreadable = [...document.errors, ...document.warnings].map(({ pos, message }) => ({
    offset: pos[0],
    message,
  }));
  const refused = unreadable.length > 0 ? unreadable : yamlSurprises(document);
  if (refused.length > 0) {
    throw invalid(
      file,
      refused.slice(0, MAX_PLACES).map(({ offset, message }) => at(offset, message)),
    );
  }
  const place = (path: readonly PropertyKey[], message: string) => at(offsetOf(document, path), message);
  const parsed = schema.safeParse(document.toJS());
  if (parsed.success) return { file, value: parsed.data, place };
  throw invalid(
    file,
    parsed.error.issues
      .flatMap(findings)
      .slice(0, MAX_PLACES)
      .map(({ path, message }) => place(path, `${dotted(path)}: ${message}`)),
  );
}

/** What one issue says, and of which value: unknown keys are named one by one, a wrong key says what is wrong with it. */
function findings(issue: z.core.$ZodIssue): { path: PropertyKey[]; message: string }[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: [...issue.path, key], message: 'this key is not allowed here' }));
  // A schema calls what is not there "undefined", which means nothing to who wrote the file.
  if (/received undefined$/.test(issue.message)) return [{ path: issue.path, message: 'this is missing' }];
  const message = (issue.code === 'invalid_key' && issue.issues[0]?.message) || issue.message;
  return [{ path: issue.path, message }];
}

/** Joins the places into the one error a person reads. */
export function invalid(file: string, at: readonly Place[]): DrydockError {
  const count = at.length === 1 ? 'one place' : at.length < MAX_PLACES ? `${at.length} places` : 'many places';
  const first = at[0];
  const where = first ? ` ${first.file}:${first.line}:${first.column} ${first.message}` : '';
  return new DrydockError('invalid-file', `${file} is wrong in ${count}.${where}`, { at });
}

function dotted(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'the file' : path.map(String).join('.');
}

/** Offset of the key at `path`, or of the deepest part of the path that exists. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && isNode(item.key) && String(item.key) === String(part));
      if (!pair) return offset;
      if (isNode(pair.key) && pair.key.range) offset = pair.key.range[0];
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(part)];
      if (isNode(node) && node.range) offset = node.range[0];
    } else return offset;
  }
  return offset;
}
