import { z } from 'zod';

/** An object of the specification: its own fields and extensions, nothing else. */
function shape<Fields extends z.ZodRawShape>(fields: Fields) {
  return z.looseObject(fields).superRefine((value, context) => {
    for (const key of Object.keys(value))
      if (!Object.hasOwn(fields, key) && !key.startsWith('x-'))
        context.addIssue({ code: 'custom', message: `there is no field "${key}" here` });
  });
}

const words = z.string().min(1);
const text = z.string().optional();
const Reference = z.strictObject({ $ref: z.string().startsWith('#/'), summary: text, description: text });
const orReference = <T extends z.ZodType>(schema: T) => z.union([Reference, schema]);
const named = <T extends z.ZodType>(schema: T) => z.record(z.string().regex(/^[a-zA-Z0-9._-]+$/), schema);

/** Held to JSON Schema elsewhere. */
const Schema = z.union([z.boolean(), z.record(z.string(), z.unknown())]);
const MediaType = shape({ schema: Schema.optional(), example: z.unknown().optional() });
const Content = z.record(z.string().regex(/^[a-z]+\/[a-z0-9.+-]+(; ?[a-z]+=[a-z0-9.-]+)*$/i), MediaType);
const Header = shape({ description: text, required: z.boolean().optional(), schema: Schema });
const Parameter = shape({
  name: words,
  in: z.enum(['query', 'header', 'path', 'cookie']),
  description: text,
  required: z.boolean().optional(),
  schema: Schema,
}).refine((one) => one.in !== 'path' || one.required === true, 'a path parameter is required');
const Body = shape({ description: text, required: z.boolean().optional(), content: Content });
const Response = shape({
  description: z.string(),
  headers: z.record(z.string(), orReference(Header)).optional(),
  content: Content.optional(),
});
const Operation = shape({
  operationId: z.string().regex(/^[a-z][a-zA-Z]*$/),
  summary: words,
  description: text,
  security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
  parameters: z.array(Parameter).optional(),
  requestBody: Body.optional(),
  responses: z
    .record(z.string().regex(/^(default|[1-5](\d\d|XX))$/), orReference(Response))
    .refine((all) => Object.keys(all).length > 0, 'at least one response'),
});
const Scheme = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('apiKey'),
    name: words,
    in: z.enum(['query', 'header', 'cookie']),
    description: text,
  }),
  z.strictObject({ type: z.literal('http'), scheme: words, bearerFormat: text, description: text }),
]);

/** As much of the shape of an OpenAPI 3.1 document as a description of ours may use. */
export const OpenApi = shape({
  openapi: z.string().regex(/^3\.1\.\d+$/),
  info: shape({
    title: words,
    version: words,
    description: text,
    license: shape({ name: words, identifier: text }).optional(),
  }),
  servers: z.array(shape({ url: words, description: text })).optional(),
  paths: z.record(
    z.string().startsWith('/'),
    shape({
      get: Operation.optional(),
      put: Operation.optional(),
      post: Operation.optional(),
      delete: Operation.optional(),
    }),
  ),
  components: shape({
    schemas: named(Schema).optional(),
    responses: named(Response).optional(),
    securitySchemes: named(Scheme).optional(),
  }),
});
export type OpenApi = z.infer<typeof OpenApi>;
