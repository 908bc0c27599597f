import { z } from 'zod';
import { Name } from './names.ts';

const EnvironmentValue = z
  .union([z.string(), z.number(), z.boolean()], { error: 'use a text, number or boolean' })
  .transform(String);

/** A network or a data volume: a name and no options. */
const Plain = z
  .strictObject({})
  .nullable()
  .transform(() => ({}));

/** `./folder:/app:ro` (workspace files, always read-only) or `volume:/path` (a data volume declared below). */
const Mount = z
  .string()
  .regex(/^(\.\/[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*:\/[A-Za-z0-9._/-]+:ro|[a-z][a-z0-9-]*:\/[A-Za-z0-9._/-]+)$/, {
    error:
      'use "./folder:/path:ro" for files of the workspace or "volume:/path" for a data volume; nothing else can be mounted',
  });

export const ComposeService = z.strictObject({
  image: z.enum(['drydock/node', 'drydock/postgres']).describe('One of the course images.'),
  command: z.array(z.string().min(1).max(1000)).min(1).max(50).optional(),
  environment: z
    .record(z.string().regex(/^[A-Z_][A-Z0-9_]*$/, 'upper-case letters, digits and underscores'), EnvironmentValue)
    .default({}),
  networks: z.array(Name).min(1).max(20),
  secrets: z.array(Name).max(50).default([]).describe('Files in /run/secrets, mode 0400.'),
  volumes: z.array(Mount).max(10).default([]),
});
export type ComposeService = z.infer<typeof ComposeService>;

/** compose.yaml: a strict subset of the Compose specification (https://github.com/compose-spec/compose-spec). */
export const Compose = z.strictObject({
  name: Name.optional(),
  services: z.record(Name, ComposeService),
  networks: z.record(Name, Plain),
  secrets: z.record(Name, z.strictObject({ external: z.literal(true) })).default({}),
  volumes: z.record(Name, Plain).default({}),
});
export type Compose = z.infer<typeof Compose>;
