const NAMED =
  /`((?:runner|site|labs|scenarios|test)\/[^`\s<>…]*|drydock|\.dependency-cruiser\.cjs)`|\]\((?!https?:|#)([^)\s#]+)/g;

/** Finds paths that a document of the root names, in backticks or links, and that are not there. */
export function documentPaths(path: string, text: string, exists: (path: string) => boolean): string[] {
  if (!/^[A-Z]+\.md$/.test(path)) return [];
  const named = [...text.matchAll(NAMED)].map(([, quoted, linked]) => (quoted ?? linked ?? '').replace(/\/$/, ''));
  return [...new Set(named)]
    .filter((target) => !exists(target))
    .map((target) => `${path} names ${target}, which is not there. Correct the document, or bring the file back.`);
}
