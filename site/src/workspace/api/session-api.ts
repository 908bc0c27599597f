import { z } from 'zod';
import {
  ApplyResult,
  CheckResult,
  FileContent,
  FileList,
  FlagResult,
  HintResult,
  type ResetRequest,
  ResetResult,
  Session,
} from '#contract';
import type { Ask } from './ask.ts';

export type SessionApi = ReturnType<typeof sessionApi>;
export type LabApi = ReturnType<typeof labApi>;

/** Opening, watching and stopping: what is asked before there is a session to work in. */
export function labApi(ask: Ask) {
  return {
    open: (lab: string) => ask('POST', '/api/sessions', Session, { lab }),
    get: (id: string) => ask('GET', `/api/sessions/${id}`, Session),
    stop: (id: string) => ask('DELETE', `/api/sessions/${id}`, z.unknown()),
  };
}

/** Everything inside one running session. */
export function sessionApi(ask: Ask, id: string) {
  const at = `/api/sessions/${id}`;
  return {
    files: () => ask('GET', `${at}/files`, FileList),
    read: (path: string) => ask('GET', `${at}/file?path=${encodeURIComponent(path)}`, FileContent),
    write: (file: { path: string; content: string; version: string | null }) =>
      ask('PUT', `${at}/file`, FileContent, file),
    apply: () => ask('POST', `${at}/apply`, ApplyResult, {}),
    check: () => ask('POST', `${at}/check`, CheckResult, {}),
    reset: (what: ResetRequest) => ask('POST', `${at}/reset`, ResetResult, what),
    extend: () => ask('POST', `${at}/extend`, Session, {}),
    flag: (task: string, flag: string) => ask('POST', `${at}/flags`, FlagResult, { task, flag }),
    hint: (task: string) => ask('POST', `${at}/hints`, HintResult, { task }),
  };
}
