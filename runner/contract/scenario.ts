import { z } from 'zod';
import { Name } from './names.ts';

/** The seven practices, in the order the course teaches them. */
export const PRACTICES = [
  'isolation',
  'encryption',
  'access-control',
  'service-mesh',
  'containers',
  'central-logging',
  'network-monitoring',
] as const;
export const Practice = z.enum(PRACTICES).describe('The practice this lab belongs to.');

/** How to tell that a service is ready; polled from its own position, only while starting or applying. */
export const Readiness = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('http'),
    port: z.int().min(1).max(65535),
    path: z.string().startsWith('/').describe('Answers with any status below 500 once ready.'),
  }),
  z.strictObject({ kind: z.literal('tcp'), port: z.int().min(1).max(65535) }),
  z.strictObject({
    kind: z.literal('postgres'),
    port: z.int().min(1).max(65535).default(5432),
  }),
  z
    .strictObject({ kind: z.literal('log'), text: z.string().min(1).max(200) })
    .describe('It has printed a line with this in it: for what listens on no port.'),
]);
export type Readiness = z.infer<typeof Readiness>;

/** What a per-launch secret is made into. Every value is derived from HMAC(runner key, launch id, name). */
export const SecretKind = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('random') }).describe('32 random bytes in hexadecimal.'),
  z.strictObject({ kind: z.literal('flag'), task: Name }).describe('The flag a break task yields.'),
  z
    .strictObject({ kind: z.literal('word'), words: z.array(z.string().min(1)).min(2) })
    .describe('One word of a list: a secret that is weak on purpose.'),
]);
export type SecretKind = z.infer<typeof SecretKind>;

const Hint = z.string().min(1).max(2000);

export const Task = z.strictObject({
  kind: z.enum(['break', 'fix']).describe('break: exploit a weakness and hand in its flag. fix: close it.'),
  title: z.string().min(1).max(80),
  goal: z.string().min(1).max(400).describe('One plain sentence: what must be true when it is done.'),
  points: z.int().min(1).max(100),
  services: z.array(Name).default([]).describe('The services a learner touches in this task.'),
  hints: z.array(Hint).max(3).default([]).describe('Nudge, pointer, walk-through; shown one at a time.'),
  needs: z.array(Name).default([]).describe('Tasks whose fix this one builds on.'),
  alsoCloses: z.array(Name).default([]).describe('Fix tasks whose probes this fix closes as well.'),
  lesson: z.string().optional().describe('Anchor of the paragraph of the lesson it practises.'),
});
export type Task = z.infer<typeof Task>;

/** What a service of a lab may be. It decides its sandbox (runner/core/policy/roles.ts) and the images it may run. */
export const ServiceRole = z.enum(['service', 'database', 'broker', 'sidecar', 'sensor', 'container-lab']);
export type ServiceRole = z.infer<typeof ServiceRole>;

/** Signals that programs reload their files on and that ask for nothing else. */
export const ReloadSignal = z.enum(['SIGHUP', 'SIGUSR1', 'SIGUSR2']);
export type ReloadSignal = z.infer<typeof ReloadSignal>;

/**
 * A service also names its position and, with what is put before and behind it, what it is made of on the engine: so
 * none may be named as another position is, or begin as the names of something else do.
 */
const ServiceName = Name.refine(
  (name) => !/^(workbench$|outside($|-)|(at|check|data)-)/.test(name),
  'this name is taken: choose another than workbench, outside, and what begins with outside-, at-, check- or data-',
);

export const ServiceSpec = z
  .strictObject({
    role: ServiceRole.default('service'),
    ready: Readiness,
    from: z.string().optional().describe('Folder below labs/ferry whose files the workspace starts with.'),
    optional: z.boolean().default(false).describe('compose.yaml may leave it out: the learner adds or removes it.'),
    hardening: z
      .boolean()
      .default(false)
      .describe('compose.yaml may make its rights and limits narrower than the role.'),
    reload: ReloadSignal.optional().describe('Sent, instead of a replacement, when only its files have changed.'),
    command: z
      .array(z.string().min(1).max(1000))
      .min(1)
      .max(50)
      .optional()
      .describe("A sensor's command: it has a right that nothing of the learner's may have."),
  })
  .refine(({ role, command }) => command === undefined || role === 'sensor', {
    path: ['command'],
    error: 'only a sensor has its command here; the others have it in compose.yaml',
  });
export type ServiceSpec = z.infer<typeof ServiceSpec>;

/** How much a data volume holds. It is memory, and counts as its service's. */
export const VolumeSpec = z.strictObject({
  mebibytes: z.int().min(1).max(512).default(256),
  inodes: z.int().min(16).max(50_000).default(20_000).describe('How many files and folders.'),
});

/** scenario.yaml: one lab. The deployment itself is in compose.yaml beside it. */
export const Scenario = z.strictObject({
  formatVersion: z.literal(1),
  title: z.string().min(1).max(80),
  practice: Practice,
  summary: z.string().min(1).max(300),
  minutes: z.int().min(5).max(240).describe('How long a learner is expected to need.'),
  public: Name.describe('The network of compose.yaml that faces the outside and the workbench.'),
  outside: z.int().min(1).max(6).default(1).describe('How many outside positions the probes use.'),
  services: z.record(ServiceName, ServiceSpec),
  volumes: z
    .record(Name, VolumeSpec)
    .default({})
    .describe('Limits of data volumes of compose.yaml that need others than the usual.'),
  secrets: z.record(Name, SecretKind).default({}).describe('Per-launch values; services get them as files.'),
  tasks: z.record(Name, Task),
});
export type Scenario = z.infer<typeof Scenario>;

/** What a browser may know of a lab. Nothing private is named here, so nothing private can leak from here. */
export const PublicLab = z.object({
  id: Name,
  title: z.string(),
  practice: Practice,
  summary: z.string(),
  minutes: z.int(),
  services: z.array(Name),
  tasks: z.array(
    z.object({
      id: Name,
      kind: z.enum(['break', 'fix']),
      title: z.string(),
      goal: z.string(),
      points: z.int(),
      services: z.array(Name),
      hints: z.int().describe('How many hints there are, not their text.'),
      lesson: z.string().nullable(),
      text: z.string().describe("The learner's text, Markdown."),
    }),
  ),
});
export type PublicLab = z.infer<typeof PublicLab>;

/** The public projection: built field by field, so a field added to a scenario stays private until named here. */
export function toPublic(id: string, scenario: Scenario, texts: Record<string, string>): PublicLab {
  return {
    id,
    title: scenario.title,
    practice: scenario.practice,
    summary: scenario.summary,
    minutes: scenario.minutes,
    services: Object.keys(scenario.services),
    tasks: Object.entries(scenario.tasks).map(([taskId, task]) => ({
      id: taskId,
      kind: task.kind,
      title: task.title,
      goal: task.goal,
      points: task.points,
      services: task.services,
      hints: task.hints.length,
      lesson: task.lesson ?? null,
      text: texts[taskId] ?? '',
    })),
  };
}
