import { DrydockError } from '#contract';
import type { ImageSource } from './image-spec.ts';
import { ROOT_IMAGE } from './root-image.ts';

/** Parents before children. Throws DrydockError `invalid-file` for an unknown parent or a circle. */
export function orderImages(sources: readonly ImageSource[]): ImageSource[] {
  const byName = new Map(sources.map((source) => [source.name, source]));
  const ordered = new Set<ImageSource>();

  function visit(source: ImageSource, path: readonly string[]): void {
    if (ordered.has(source)) return;
    if (path.includes(source.name)) {
      throw invalid(source, `images build on each other in a circle: ${[...path, source.name].join(' → ')}`);
    }
    for (const parent of source.spec.from) {
      if (parent === ROOT_IMAGE) continue;
      const found = byName.get(parent);
      if (!found) throw invalid(source, `"from" names "${parent}", and there is no labs/images/${parent}`);
      visit(found, [...path, source.name]);
    }
    ordered.add(source);
  }

  for (const source of sources) visit(source, []);
  return [...ordered];
}

function invalid(source: ImageSource, message: string): DrydockError {
  const file = `${source.folder}/image.json`;
  return new DrydockError('invalid-file', `${file}: ${message}.`, { at: [{ file, line: 1, column: 1, message }] });
}
