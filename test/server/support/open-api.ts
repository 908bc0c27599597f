import { Ajv2020 } from 'ajv/dist/2020.js';
import { OpenApi } from './open-api-shape.ts';

type Json = Readonly<Record<string, unknown>>;
type Operation = OpenApi['paths'][string]['get'];

export const METHODS = ['get', 'put', 'post', 'delete'] as const;

/** Every operation as "GET /api/sessions/{id}". */
export function operations(document: OpenApi): Map<string, NonNullable<Operation>> {
  const found = new Map<string, NonNullable<Operation>>();
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (operation) found.set(`${method.toUpperCase()} ${path}`, operation);
    }
  }
  return found;
}

/** What is wrong with a document by OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1) and JSON Schema 2020-12. */
export function faultsOf(given: unknown): string[] {
  const parsed = OpenApi.safeParse(given);
  if (!parsed.success) return parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  const document = parsed.data;
  const faults = refsOf(given).flatMap((ref) => (resolve(given, ref) === undefined ? [`${ref} leads nowhere`] : []));
  const ids = new Set<string>();
  for (const [name, { operationId, parameters = [], security = [] }] of operations(document)) {
    if (ids.has(operationId)) faults.push(`${name}: "${operationId}" is the id of two`);
    ids.add(operationId);
    const inPath = [...name.matchAll(/\{(\w+)\}/g)].map(([, word]) => word);
    const declared = parameters.filter((one) => one.in === 'path').map((one) => one.name);
    if (inPath.join() !== declared.join()) faults.push(`${name}: path parameters are ${declared}`);
    for (const scheme of security.flatMap(Object.keys))
      if (!(scheme in (document.components.securitySchemes ?? {}))) faults.push(`${name}: no scheme "${scheme}"`);
  }
  return [...faults, ...schemaFaults(given)];
}

export type SchemaAt = (...place: readonly string[]) => (value: unknown) => string[];

/** Finds the schema at a place of the document, as what says how a value differs from it; throws when it is none. */
export function schemasOf(document: unknown): SchemaAt {
  const ajv = new Ajv2020({ strictSchema: true, strictTypes: false, allErrors: true, validateFormats: false });
  // The document itself is no schema; these are its fields that ajv meets on its way to one.
  ajv.addVocabulary(['openapi', 'info', 'servers', 'paths', 'components']);
  ajv.addSchema(document as Json, 'api');
  return (...place) => {
    const validate = ajv.compile({ $ref: `api#${pointer(place)}` });
    return (value) =>
      validate(value) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
}

/** Follows a response to where it is written out. */
export function place(document: unknown, at: readonly string[]): readonly string[] {
  const found = resolve(document, `#${pointer(at)}`) as Json | undefined;
  return typeof found?.['$ref'] === 'string' ? parts(found['$ref']) : at;
}

export function resolve(document: unknown, ref: string): unknown {
  return parts(ref).reduce<unknown>((inside, part) => (inside as Json | undefined)?.[part], document);
}

const pointer = (place: readonly string[]) =>
  place.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
const parts = (ref: string) =>
  ref
    .replace(/^#\/?/, '')
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

function refsOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inside]) =>
    key === '$ref' && typeof inside === 'string' ? [inside] : refsOf(inside),
  );
}

/** Places of schemas that are none: each is compiled, strictly, so that a misspelt keyword is found too. */
function schemaFaults(document: unknown): string[] {
  const schemaAt = schemasOf(document);
  return schemaPlaces(document, []).flatMap((at) => {
    try {
      schemaAt(...at);
      return [];
    } catch (error) {
      return [`${at.join('.')}: ${(error as Error).message}`];
    }
  });
}

function schemaPlaces(value: unknown, at: readonly string[]): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inside]) => {
    const here = [...at, key];
    const isSchema = key === 'schema' || (at.length === 2 && at.join() === 'components,schemas');
    return isSchema ? [here] : schemaPlaces(inside, here);
  });
}
