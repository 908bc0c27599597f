import { setImmediate as turn } from 'node:timers/promises';
import type { Files } from '../library/lab.ts';

/** Lines of context around a change, as diff -u has them. */
const CONTEXT = 3;
/** Cells of the table of one comparison; beyond it the changed part is shown as replaced. */
const CELLS = 1_000_000;
const SHOWN = 256 * 1024;

/** What changed from one set of files to another, as a unified diff; cut after 256 KiB, and it says so. */
export async function diffFiles(before: Files, after: Files): Promise<string> {
  let text = '';
  for (const path of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    text += diffFile(path, before.get(path), after.get(path));
    if (text.length > SHOWN) return `${text.slice(0, SHOWN)}\n… and more: it is too long to be shown.\n`;
    // A comparison is short, many are not: everybody else has their turn between them.
    await turn();
  }
  return text;
}

function diffFile(path: string, before: Buffer | undefined, after: Buffer | undefined): string {
  if (before && after?.equals(before)) return '';
  const [from, to] = [before ? `a/${path}` : '/dev/null', after ? `b/${path}` : '/dev/null'];
  if ([before, after].some((bytes) => bytes?.includes(0))) return `Binary files ${from} and ${to} differ\n`;
  const hunks = hunksOf(changes(linesOf(before), linesOf(after)));
  // Bytes that are no text may differ and look the same.
  return hunks === '' ? `Files ${from} and ${to} differ\n` : `--- ${from}\n+++ ${to}\n${hunks}`;
}

/** Lines with their ends; the last one says so when it has none. */
function linesOf(bytes: Buffer | undefined): string[] {
  const lines = printable(bytes?.toString('utf8') ?? '').split(/(?<=\n)/);
  return lines[0] === ''
    ? []
    : lines.map((line) => (line.endsWith('\n') ? line : `${line}\n\\ No newline at end of file\n`));
}

/** A file may hold anything; no line of it may steer the terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const printable = (text: string) => text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, '\ufffd');

interface Line {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

const signed = (sign: Line['sign'], lines: readonly string[]): Line[] => lines.map((text) => ({ sign, text }));

function changes(before: readonly string[], after: readonly string[]): Line[] {
  let head = 0;
  while (head < Math.min(before.length, after.length) && before[head] === after[head]) head++;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const middle = (lines: readonly string[]) => lines.slice(head, lines.length - tail);
  return [
    ...signed(' ', before.slice(0, head)),
    ...middleChanges(middle(before), middle(after)),
    ...signed(' ', before.slice(before.length - tail)),
  ];
}

/** By the longest common subsequence of lines. */
function middleChanges(before: readonly string[], after: readonly string[]): Line[] {
  const width = after.length + 1;
  if ((before.length + 1) * width > CELLS) return [...signed('-', before), ...signed('+', after)];
  const common = new Uint32Array((before.length + 1) * width);
  const at = (row: number, column: number) => common[row * width + column] ?? 0;
  for (let row = before.length - 1; row >= 0; row--)
    for (let column = after.length - 1; column >= 0; column--)
      common[row * width + column] =
        before[row] === after[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
  const lines: Line[] = [];
  let [row, column] = [0, 0];
  while (row < before.length || column < after.length) {
    const [old = '', now = ''] = [before[row], after[column]];
    if (row < before.length && column < after.length && old === now) {
      lines.push({ sign: ' ', text: old });
      row++;
      column++;
    } else if (column === after.length || (row < before.length && at(row + 1, column) >= at(row, column + 1))) {
      lines.push({ sign: '-', text: old });
      row++;
    } else {
      lines.push({ sign: '+', text: now });
      column++;
    }
  }
  return lines;
}

function hunksOf(lines: readonly Line[]): string {
  const near = new Uint8Array(lines.length);
  for (const [index, { sign }] of lines.entries())
    if (sign !== ' ') near.fill(1, Math.max(0, index - CONTEXT), index + CONTEXT + 1);
  let text = '';
  let [oldLine, newLine] = [1, 1];
  for (let start = 0; start < lines.length; ) {
    let end = start;
    while (end < lines.length && near[end] === near[start]) end++;
    const part = lines.slice(start, end);
    const olds = part.filter(({ sign }) => sign !== '+').length;
    const news = part.filter(({ sign }) => sign !== '-').length;
    if (near[start] === 1)
      text += `@@ -${range(oldLine, olds)} +${range(newLine, news)} @@\n${part.map((line) => line.sign + line.text).join('')}`;
    oldLine += olds;
    newLine += news;
    start = end;
  }
  return text;
}

/** A range of no lines names the line before it. */
function range(first: number, count: number): string {
  if (count === 1) return `${first}`;
  return `${count === 0 ? first - 1 : first},${count}`;
}
