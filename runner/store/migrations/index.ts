import { sessions } from './0001-sessions.ts';
import { attempts } from './0002-attempts.ts';
import { snapshots } from './0003-snapshots.ts';
import { probe } from './0004-probe.ts';
import { signIns } from './0005-sign-ins.ts';
import type { Step } from './step.ts';

/** Name → step, in the order they are applied. A name is permanent: databases remember it. */
export const MIGRATIONS: Readonly<Record<string, Step>> = {
  '0001-sessions': sessions,
  '0002-attempts': attempts,
  '0003-snapshots': snapshots,
  '0004-probe': probe,
  '0005-sign-ins': signIns,
};
