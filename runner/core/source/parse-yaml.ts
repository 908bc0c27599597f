import { type Document, isMap, isNode, isPair, isSeq, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { DrydockError, type Place } from '#contract';

/** A parsed file that still knows where each of its values stands. */
export interface Source<T> {
  readonly file: string;
  readonly value: T;
  /** The place of a value by its path, or of the nearest enclosing one; 1-based. */
  place(path: readonly PropertyKey[], message: string): Place;
}

/**
 * Parses a YAML file once, at the door. Throws DrydockError `invalid-file` that names every wrong place by
 * file, line and column. YAML 1.2 core schema; aliases are refused, since they can blow a small file up.
 */
export function parseYaml<S extends z.ZodType>(text: string, file: string, schema: S): Source<z.output<S>> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const place = (path: readonly PropertyKey[], message: string): Place => {
    const { line, col } = lines.linePos(offsetOf(document, path));
    return { file, line, column: col, message };
  };
  if (document.errors.length > 0) {
    throw invalid(
      file,
      document.errors.map((error) => {
        const { line, col } = lines.linePos(error.pos[0]);
        return { file, line, column: col, message: error.message };
      }),
    );
  }
  const parsed = schema.safeParse(plainValue(document, file));
  if (parsed.success) return { file, value: parsed.data, place };
  throw invalid(
    file,
    parsed.error.issues.flatMap((issue) => {
      const keys = issue.code === 'unrecognized_keys' ? issue.keys : [];
      if (keys.length === 0) return [place(issue.path, `${dotted(issue.path)}: ${issue.message}`)];
      return keys.map((key) =>
        place([...issue.path, key], `${dotted([...issue.path, key])}: this key is not allowed here`),
      );
    }),
  );
}

function plainValue(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch (cause) {
    throw new DrydockError('invalid-file', `${file} uses YAML aliases, which are not allowed here.`, {
      cause,
      at: [{ file, line: 1, column: 1, message: 'write the value out instead of using an alias' }],
    });
  }
}

/** Joins the places into the one error a person reads. */
export function invalid(file: string, at: readonly Place[]): DrydockError {
  const count = at.length === 1 ? 'one place' : `${at.length} places`;
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
