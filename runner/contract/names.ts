import { z } from 'zod';

/** A kebab-case word, 1–40 characters, starting with a letter: names of labs, tasks, services, networks. */
export const Name = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'use lower-case letters, digits and single hyphens, starting with a letter')
  .max(40, 'at most 40 characters');

/** 16 lower-case hexadecimal characters; unguessable only together with a signed-in cookie. */
export const SessionId = z.string().regex(/^[0-9a-f]{16}$/, 'a session id is 16 hexadecimal characters');
export type SessionId = z.infer<typeof SessionId>;

/** Where a terminal may be opened: the learner's workbench or any service of the launch. */
export const TerminalTarget = Name;

/** A path inside a workspace: relative, `/`-separated, no `.` or `..` parts, at most 255 bytes a part. */
export const WorkspacePath = z
  .string()
  .min(1)
  .max(1024, 'a path is at most 1024 characters')
  .refine((path) => path.split('/').every(isPlainPart), 'use a relative path without empty, "." or ".." parts');

function isPlainPart(part: string): boolean {
  return part !== '' && part !== '.' && part !== '..' && part.length <= 255 && !/[\0\\]/.test(part);
}
