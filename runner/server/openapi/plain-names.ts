import type { createDocument } from 'zod-openapi';

type Document = ReturnType<typeof createDocument>;

const OUTPUT = 'Output';
const SCHEMAS = '#/components/schemas/';

/**
 * zod-openapi describes a named schema twice where what is sent may leave out more than what is answered: `Name` and
 * `NameOutput`. Of those that are only ever answered the first is used by nobody, so the second gets its name.
 */
export function plainNames(document: Document): Document {
  const schemas = document.components?.schemas ?? {};
  const text = JSON.stringify(document);
  const unused = (name: string) => !text.includes(`"${SCHEMAS}${name}"`);
  const renamed = Object.keys(schemas)
    .filter((name) => name.endsWith(OUTPUT))
    .map((name) => name.slice(0, -OUTPUT.length))
    .filter((name) => name in schemas && unused(name));
  const kept = Object.entries(schemas).filter(([name]) => !renamed.includes(name));
  const plain = JSON.stringify({
    ...document,
    components: { ...document.components, schemas: Object.fromEntries(kept) },
  });
  return JSON.parse(
    renamed.reduce(
      (all, name) =>
        all
          .replaceAll(`${SCHEMAS}${name}${OUTPUT}"`, `${SCHEMAS}${name}"`)
          .replaceAll(`"${name}${OUTPUT}":`, `"${name}":`),
      plain,
    ),
  ) as Document;
}
