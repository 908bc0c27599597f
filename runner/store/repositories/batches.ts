/** Rows in one statement: well below what a statement may have of parameters. */
const ROWS = 500;

/** Cuts a list into parts of at most 500, and of at most so many bytes unless one alone is larger. */
export function* batches<T>(
  all: Iterable<T>,
  limit: { readonly bytes: number; readonly size: (one: T) => number } = { bytes: 0, size: () => 0 },
): Generator<T[]> {
  let batch: T[] = [];
  let bytes = 0;
  for (const one of all) {
    const more = limit.size(one);
    if (batch.length === ROWS || (batch.length > 0 && bytes + more > limit.bytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(one);
    bytes += more;
  }
  if (batch.length > 0) yield batch;
}
