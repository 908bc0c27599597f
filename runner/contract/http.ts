import { z } from 'zod';
import { Name, SessionId, WorkspacePath } from './names.ts';
import { PublicLab } from './scenario.ts';
import { Verdict } from './verdict.ts';

export const SignIn = z.strictObject({ token: z.string().min(1).max(200) });

export const OpenSession = z.strictObject({ lab: Name });

export const SessionState = z.enum(['opening', 'ready', 'applying', 'stopping', 'stopped', 'failed']);
export type SessionState = z.infer<typeof SessionState>;

/** A step of opening or applying, as the workspace shows it. */
export const Step = z.object({
  name: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'failed']),
  milliseconds: z.int().nullable(),
});
export type Step = z.infer<typeof Step>;

/** An error as a person meets it: what happened, why, and what to do. */
export const Problem = z.object({
  name: z.string().describe('Permanent name from the error catalogue.'),
  title: z.string(),
  message: z.string(),
  hint: z.string(),
  at: z
    .array(z.object({ file: z.string(), line: z.int(), column: z.int(), message: z.string() }))
    .default([])
    .describe('Places in files of the learner, 1-based.'),
});
export type Problem = z.infer<typeof Problem>;

export const TaskProgress = z.object({
  task: Name,
  state: z.enum(['open', 'passed']),
  verdict: Verdict.nullable(),
});

export const Session = z.object({
  id: SessionId,
  lab: Name,
  state: SessionState,
  steps: z.array(Step),
  services: z.array(Name),
  tasks: z.array(TaskProgress),
  problem: Problem.nullable(),
  openedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable().describe('When its time is over; null without a limit.'),
  stopsAt: z.iso
    .datetime()
    .nullable()
    .describe('When it will be stopped if nothing is done, idle or expired; given in the last minutes only.'),
  ahead: z.int().min(0).describe('While it opens: how many other labs are started before it.'),
  troubles: z
    .array(z.object({ service: Name, state: z.enum(['crashed', 'gone']), message: z.string() }))
    .describe('Services that are not running, with their last lines.'),
  warning: z
    .string()
    .nullable()
    .describe('What is wrong around the lab, and what to do: its network carries nothing, or is not shut off.'),
});
export type Session = z.infer<typeof Session>;

export const FileEntry = z.object({ path: z.string(), bytes: z.int(), version: z.string() });
export type FileEntry = z.infer<typeof FileEntry>;
export const FileList = z.object({ files: z.array(FileEntry) });

export const FileContent = z.object({
  path: z.string(),
  version: z.string().describe('SHA-256 of the content, hexadecimal.'),
  content: z.string(),
});
export type FileContent = z.infer<typeof FileContent>;

export const FileQuery = z.object({ path: WorkspacePath });
/** `version` is the one the editor read; another on disk answers 409 and nothing is written. null creates. */
export const WriteFile = z.strictObject({
  path: WorkspacePath,
  content: z.string().max(1_048_576),
  version: z.string().nullable(),
});

export const ApplyResult = z.object({
  changed: z.array(Name).describe('Services that were replaced.'),
  milliseconds: z.int(),
});
export type ApplyResult = z.infer<typeof ApplyResult>;

/** What to put back as the lab shipped it. Files in the workspace; `data` is what the services stored. */
export const ResetRequest = z.union([
  z.strictObject({ file: WorkspacePath }),
  z.strictObject({ service: Name }),
  z.strictObject({ task: Name }),
  z.strictObject({ all: z.literal(true) }),
  z.strictObject({ data: z.literal(true) }),
]);
export type ResetRequest = z.infer<typeof ResetRequest>;
export const ResetResult = z.object({
  files: z.array(z.string()).describe('Files that were put back or removed.'),
  services: z.array(Name).describe('Services that were replaced.'),
});
export type ResetResult = z.infer<typeof ResetResult>;

export const CheckRequest = z.strictObject({ task: Name.optional() });
export const CheckResult = z.object({ session: SessionId, verdicts: z.array(Verdict), milliseconds: z.int() });
export type CheckResult = z.infer<typeof CheckResult>;

export const FlagRequest = z.strictObject({ task: Name, flag: z.string().trim().min(1).max(200) });
export const FlagResult = z.object({ task: Name, accepted: z.boolean(), message: z.string() });
export type FlagResult = z.infer<typeof FlagResult>;

export const HintRequest = z.strictObject({ task: Name });
export const HintResult = z.object({ task: Name, shown: z.array(z.string()), left: z.int() });
export type HintResult = z.infer<typeof HintResult>;

export const LabList = z.object({ labs: z.array(PublicLab) });
export const Me = z.object({ user: z.string() });
