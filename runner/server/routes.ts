import * as contract from '#contract';
import { applySession } from './handlers/apply-session.ts';
import { checkSession } from './handlers/check-session.ts';
import { getSession } from './handlers/get-session.ts';
import { Health, health } from './handlers/health.ts';
import { listFiles } from './handlers/list-files.ts';
import { listLabs } from './handlers/list-labs.ts';
import { listSessions, SessionList } from './handlers/list-sessions.ts';
import { me } from './handlers/me.ts';
import { openSession } from './handlers/open-session.ts';
import { readFile } from './handlers/read-file.ts';
import { showHint } from './handlers/show-hint.ts';
import { signIn } from './handlers/sign-in.ts';
import { SignInLink, signInByLink } from './handlers/sign-in-by-link.ts';
import { signOut } from './handlers/sign-out.ts';
import { stopSession } from './handlers/stop-session.ts';
import { submitFlag } from './handlers/submit-flag.ts';
import { terminal } from './handlers/terminal.ts';
import { writeFile } from './handlers/write-file.ts';
import { type Route, route, socket } from './route.ts';

const { ApplyResult, CheckRequest, CheckResult, FileContent, FileList, FileQuery, FlagRequest, FlagResult } = contract;
const { HintRequest, HintResult, LabList, Me, OpenSession, Session, SignIn, TerminalQuery, WriteFile } = contract;

const SIGN_IN = { most: 10, failures: true };
const FLAGS = { most: 30 };

/** Everything the server answers, besides the pages of the site. */
export const ROUTES: readonly Route[] = [
  route('GET', '/healthz', 'public', health, { answer: Health }),
  route('GET', '/sign-in', 'public', signInByLink, { query: SignInLink, tries: SIGN_IN }),
  route('POST', '/api/sign-in', 'public', signIn, { body: SignIn, answer: Me, tries: SIGN_IN }),
  route('POST', '/api/sign-out', 'signed-in', signOut),
  route('GET', '/api/me', 'signed-in', me, { answer: Me }),
  route('GET', '/api/labs', 'signed-in', listLabs, { answer: LabList }),
  route('POST', '/api/sessions', 'signed-in', openSession, { body: OpenSession, answer: Session }),
  route('GET', '/api/sessions', 'signed-in', listSessions, { answer: SessionList }),
  route('GET', '/api/sessions/:id', 'own-session', getSession, { answer: Session }),
  route('DELETE', '/api/sessions/:id', 'own-session', stopSession, { answer: Session }),
  route('GET', '/api/sessions/:id/files', 'own-session', listFiles, { answer: FileList }),
  route('GET', '/api/sessions/:id/file', 'own-session', readFile, { query: FileQuery, answer: FileContent }),
  route('PUT', '/api/sessions/:id/file', 'own-session', writeFile, { body: WriteFile, answer: FileContent }),
  route('POST', '/api/sessions/:id/apply', 'own-session', applySession, { answer: ApplyResult }),
  route('POST', '/api/sessions/:id/check', 'own-session', checkSession, { body: CheckRequest, answer: CheckResult }),
  route('POST', '/api/sessions/:id/flags', 'own-session', submitFlag, {
    body: FlagRequest,
    answer: FlagResult,
    tries: FLAGS,
  }),
  route('POST', '/api/sessions/:id/hints', 'own-session', showHint, { body: HintRequest, answer: HintResult }),
  socket('/api/sessions/:id/terminal', 'own-session', terminal, { query: TerminalQuery }),
];
