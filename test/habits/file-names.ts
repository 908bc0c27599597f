const CODE = /\.(ts|tsx|js|mjs|cjs|astro|css|c|h|sh|mdx)$/;
/** Words by hyphens, then suffixes such as `.test.ts`; a dot or underscore in front hides a file from a convention. */
const KEBAB = /^[._]?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
/** A route with a parameter, in the words of Astro: `[lab].astro`, `[...slug].astro`. */
const ROUTE = /^\[(\.\.\.)?[a-z]+\](\.[a-z]+)?$/;
const EMPTY_NAMES = /^(.+-)?(utils?|helpers?|managers?|misc)$/;

/** Finds code files and folders whose names are not kebab-case. */
export function kebabCase(path: string): string[] {
  if (!CODE.test(path)) return [];
  const wrong = path.split('/').filter((part) => !KEBAB.test(part) && !ROUTE.test(part));
  return wrong.map(
    (part) => `${path}: "${part}" is not kebab-case. Rename it after its main export, in lower case with hyphens.`,
  );
}

/** Finds names that say nothing about what is inside. */
export function tellingNames(path: string): string[] {
  const stems = path.split('/').map((part) => part.replace(/\..*$/, ''));
  const empty = stems.filter((stem) => EMPTY_NAMES.test(stem));
  return empty.map((stem) => `${path}: "${stem}" says nothing. Name it after what it makes or does.`);
}
