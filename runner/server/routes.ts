import * as contract from '#contract';
import { METRICS_TYPE } from '../observe/metrics.ts';
import { applySession } from './handlers/apply-session.ts';
import { checkSession } from './handlers/check-session.ts';
import { Description, describe } from './handlers/describe.ts';
import { extendSession } from './handlers/extend-session.ts';
import { getSession } from './handlers/get-session.ts';
import { Health, health } from './handlers/health.ts';
import { listFiles } from './handlers/list-files.ts';
import { listLabs } from './handlers/list-labs.ts';
import { listSessions, SessionList } from './handlers/list-sessions.ts';
import { me } from './handlers/me.ts';
import { metrics } from './handlers/metrics.ts';
import { openSession } from './handlers/open-session.ts';
import { readFile } from './handlers/read-file.ts';
import { Ready, ready } from './handlers/ready.ts';
import { resetSession } from './handlers/reset-session.ts';
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
const { ResetRequest, ResetResult } = contract;
const { HintRequest, HintResult, LabList, Me, OpenSession, Session, SignIn, TerminalQuery, WriteFile } = contract;

const SIGN_IN = { most: 10, failures: true };
const FLAGS = { most: 30 };

/** What may be wrong wherever a lab is asked for something. */
const ENGINE = ['engine-unavailable', 'engine-refused'] as const;
const PIPE = ['wrong-state', 'workbench-lost', ...ENGINE] as const;
const APPLY = [...PIPE, 'invalid-file', 'service-not-ready', 'image-missing', 'too-large'] as const;
const CHECK = [...PIPE, 'no-such-task', 'could-not-check', 'image-missing'] as const;
const FILE = [...PIPE, 'no-such-file', 'bad-request', 'not-allowed', 'too-large'] as const;

/** Everything the server answers, besides the pages of the site. */
export const ROUTES: readonly Route[] = [
  route('GET', '/healthz', 'public', health, { answer: Health }),
  route('GET', '/readyz', 'public', ready, { answer: Ready, also: 503 }),
  route('GET', '/metrics', 'watcher', metrics, { type: METRICS_TYPE }),
  route('GET', '/api/openapi.json', 'public', describe, { answer: Description }),
  route('GET', '/sign-in', 'public', signInByLink, {
    query: SignInLink,
    status: 303,
    tries: SIGN_IN,
    problems: ['token-refused'],
  }),
  route('POST', '/api/sign-in', 'public', signIn, {
    body: SignIn,
    answer: Me,
    tries: SIGN_IN,
    problems: ['token-refused'],
  }),
  route('POST', '/api/sign-out', 'signed-in', signOut, { status: 204 }),
  route('GET', '/api/me', 'signed-in', me, { answer: Me }),
  route('GET', '/api/labs', 'signed-in', listLabs, { answer: LabList }),
  route('POST', '/api/sessions', 'signed-in', openSession, {
    body: OpenSession,
    answer: Session,
    status: 201,
    problems: ['no-such-lab', 'no-capacity', 'draining', 'store-failed'],
  }),
  route('GET', '/api/sessions', 'signed-in', listSessions, { answer: SessionList }),
  route('GET', '/api/sessions/:id', 'own-session', getSession, { answer: Session }),
  route('DELETE', '/api/sessions/:id', 'own-session', stopSession, { answer: Session, problems: ENGINE }),
  route('GET', '/api/sessions/:id/files', 'own-session', listFiles, { answer: FileList, problems: PIPE }),
  route('GET', '/api/sessions/:id/file', 'own-session', readFile, {
    query: FileQuery,
    answer: FileContent,
    problems: FILE,
  }),
  route('PUT', '/api/sessions/:id/file', 'own-session', writeFile, {
    body: WriteFile,
    answer: FileContent,
    problems: [...FILE, 'file-changed'],
  }),
  route('POST', '/api/sessions/:id/apply', 'own-session', applySession, { answer: ApplyResult, problems: APPLY }),
  route('POST', '/api/sessions/:id/check', 'own-session', checkSession, {
    body: CheckRequest,
    answer: CheckResult,
    problems: CHECK,
  }),
  route('POST', '/api/sessions/:id/reset', 'own-session', resetSession, {
    body: ResetRequest,
    answer: ResetResult,
    problems: [...APPLY, 'no-such-task', 'no-such-file'],
  }),
  route('POST', '/api/sessions/:id/extend', 'own-session', extendSession, {
    answer: Session,
    problems: ['no-more-time', 'wrong-state', 'store-failed'],
  }),
  route('POST', '/api/sessions/:id/flags', 'own-session', submitFlag, {
    body: FlagRequest,
    answer: FlagResult,
    tries: FLAGS,
    problems: ['no-such-task', 'wrong-state', 'store-failed'],
  }),
  route('POST', '/api/sessions/:id/hints', 'own-session', showHint, {
    body: HintRequest,
    answer: HintResult,
    problems: ['no-such-task'],
  }),
  socket('/api/sessions/:id/terminal', 'own-session', terminal, { query: TerminalQuery }),
];
