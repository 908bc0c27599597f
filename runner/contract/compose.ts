import { z } from 'zod';
import { Name } from './names.ts';

/** The images a compose.yaml may name; which of them a service may run depends on its role. */
export const CourseImage = z.enum([
  'drydock/node',
  'drydock/postgres',
  'drydock/nats',
  'drydock/proxy',
  'drydock/syslog',
  'drydock/nids',
  'drydock/sensor',
]);
export type CourseImage = z.infer<typeof CourseImage>;

/** What the engine takes as a string of C: it would end at a NUL. */
const text = (longest: number) =>
  z
    .string()
    .max(longest, `at most ${longest} characters`)
    .refine((value) => !value.includes('\0'), 'no NUL characters');

const EnvironmentValue = z
  .union([z.string(), z.number(), z.boolean()], { error: 'use a text, number or boolean' })
  .transform(String)
  .pipe(text(4096));

const EnvironmentName = z
  .string()
  .regex(/^[A-Z_][A-Z0-9_]*$/, 'upper-case letters, digits and underscores')
  .max(100, 'at most 100 characters');

/** A network or a data volume: a name and no options. */
const Plain = z
  .strictObject({})
  .nullable()
  .transform(() => ({}));

/** `./folder:/app:ro` (workspace files, always read-only) or `volume:/path` (a data volume declared below). */
const Mount = z
  .string()
  .max(500)
  .regex(/^(\.\/[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*:\/[A-Za-z0-9._/-]+:ro|[a-z][a-z0-9-]*:\/[A-Za-z0-9._/-]+)$/, {
    error:
      'use "./folder:/path:ro" for files of the workspace or "volume:/path" for a data volume; nothing else can be mounted',
  });

const UNITS: Readonly<Record<string, number>> = { b: 2 ** -20, k: 2 ** -10, m: 1, g: 2 ** 10 };

const AMOUNT = 'use an amount such as 64m';

/** An amount of memory as Compose spells it (`64m`, `1gb`, bytes without a unit) → MiB. */
const Memory = z
  .union([z.int(AMOUNT).min(1, AMOUNT), z.string().regex(/^\d{1,12}([bkmg]|[kmg]b)?$/i, AMOUNT)], { error: AMOUNT })
  .transform((amount) => {
    const [, count = '0', unit = 'b'] = /^(\d+)([bkmg])?/i.exec(String(amount)) ?? [];
    return Number(count) * (UNITS[unit.toLowerCase()] ?? 0);
  });

/** A number of processors, which Compose also takes as a text. */
const Cpus = z
  .union([z.number(), z.string().regex(/^\d{1,3}(\.\d{1,3})?$/)], { error: 'use a number such as 0.5' })
  .transform(Number)
  .pipe(z.number().min(0.01, 'at least 0.01'));

const Pids = z.int().min(1, 'at least 1');

export const ComposeService = z.strictObject({
  image: CourseImage.describe('One of the course images.'),
  command: z.array(text(1000).min(1)).min(1).max(50).optional(),
  environment: z
    .record(EnvironmentName, EnvironmentValue)
    .refine((variables) => Object.keys(variables).length <= 100, 'at most 100 variables')
    .default({}),
  networks: z.array(Name).min(1).max(20).optional(),
  network_mode: z
    .string()
    .regex(/^service:[a-z][a-z0-9-]{0,39}$/, 'use "service:NAME"; nothing else can be joined')
    .optional()
    .describe('For a sidecar or a sensor: the service at whose position it runs.'),
  secrets: z.array(Name).max(50).default([]).describe('Files in /run/secrets, mode 0400.'),
  volumes: z.array(Mount).max(10).default([]),
  tmpfs: z
    .union([z.string().transform((path) => [path]), z.array(z.string()).max(5)], {
      error: 'use a list of at most 5 paths',
    })
    .default([])
    .describe('Further folders it may write to, gone with the container.'),
  // From here on only where scenario.yaml grants `hardening`, and never beyond what the role has.
  read_only: z.boolean().optional(),
  user: z
    .union([z.int().min(0), z.string()], { error: 'use a number' })
    .transform(String)
    .pipe(z.string().regex(/^\d{1,5}(:\d{1,5})?$/, 'use a uid, or a uid and a gid: "10001:10001"'))
    .optional(),
  cap_drop: z.array(z.string()).max(50).optional(),
  cap_add: z.array(z.string()).max(50).optional(),
  security_opt: z.array(z.string()).max(5).optional(),
  mem_limit: Memory.optional(),
  cpus: Cpus.optional(),
  pids_limit: Pids.optional(),
  deploy: z
    .strictObject({
      resources: z.strictObject({
        limits: z.strictObject({ memory: Memory.optional(), cpus: Cpus.optional(), pids: Pids.optional() }),
      }),
    })
    .optional(),
});
export type ComposeService = z.infer<typeof ComposeService>;

/** compose.yaml: a strict subset of the Compose specification (https://github.com/compose-spec/compose-spec). */
export const Compose = z.strictObject({
  name: Name.optional(),
  services: z.record(Name, ComposeService),
  networks: z
    .record(Name, Plain)
    .refine((networks) => Object.keys(networks).length <= 20, 'a lab has at most 20 networks'),
  secrets: z.record(Name, z.strictObject({ external: z.literal(true) })).default({}),
  volumes: z.record(Name, Plain).default({}),
});
export type Compose = z.infer<typeof Compose>;
