/** Exit codes of the command line: 0 fine, 1 a finding, 2 usage or a known error, 3 environment. */
export type ExitCode = 1 | 2 | 3;

interface CatalogueEntry {
  readonly title: string;
  readonly status: number;
  readonly exit: ExitCode;
  readonly hint: string;
}

/** Every error a person can meet. A name is permanent; the message says what happened this time and why. */
export const ERRORS = {
  'signed-out': {
    title: 'You are not signed in',
    status: 401,
    exit: 2,
    hint: 'Open the address that "npm start" printed; each start prints a fresh one.',
  },
  'token-refused': {
    title: 'This sign-in link does not work',
    status: 401,
    exit: 2,
    hint: 'A sign-in link works once. Run "npm start" again, or press Enter in its terminal for a new link.',
  },
  'wrong-origin': {
    title: 'Request from another page refused',
    status: 403,
    exit: 2,
    hint: 'Use the address that "npm start" printed, not another name for the same machine.',
  },
  'wrong-host': {
    title: 'Unknown name for this machine',
    status: 421,
    exit: 2,
    hint: 'Use the address that "npm start" printed; another name needs "--public-url".',
  },
  'not-allowed': {
    title: 'Not yours to use',
    status: 403,
    exit: 2,
    hint: 'Open a lab of your own.',
  },
  'unsupported-body': {
    title: 'Body not understood',
    status: 415,
    exit: 2,
    hint: 'Send JSON with the header "content-type: application/json".',
  },
  'bad-request': {
    title: 'Request not understood',
    status: 400,
    exit: 2,
    hint: 'Compare it with the API description in the documentation.',
  },
  'too-large': { title: 'Too large', status: 413, exit: 2, hint: 'Send less at a time.' },
  'too-many-requests': { title: 'Too many tries', status: 429, exit: 2, hint: 'Wait a minute, then try again.' },
  'not-found': { title: 'Not found', status: 404, exit: 2, hint: 'Check the address.' },
  'no-such-lab': { title: 'No such lab', status: 404, exit: 2, hint: 'Run "./drydock labs" for the list.' },
  'no-such-task': { title: 'No such task', status: 404, exit: 2, hint: 'The lab page lists its tasks.' },
  'no-such-session': {
    title: 'This lab is not running',
    status: 404,
    exit: 2,
    hint: 'Open the lab again from its lesson page.',
  },
  'no-such-file': { title: 'No such file', status: 404, exit: 2, hint: 'Reload the file list.' },
  'file-changed': {
    title: 'The file changed meanwhile',
    status: 409,
    exit: 2,
    hint: 'Nothing was overwritten. Reload the file, then put your change in again.',
  },
  'stopped-idle': {
    title: 'Stopped while nobody used it',
    status: 409,
    exit: 2,
    hint: 'Open the lab again; your files are as you left them.',
  },
  'stopped-expired': {
    title: 'The time of this lab is over',
    status: 409,
    exit: 2,
    hint: 'Open the lab again; your files are as you left them.',
  },
  'launch-lost': {
    title: 'The containers of this lab are gone',
    status: 409,
    exit: 3,
    hint: 'Open the lab again; your files are as they were saved last.',
  },
  'no-more-time': {
    title: 'This lab cannot be extended again',
    status: 409,
    exit: 2,
    hint: 'Your files are kept. When its time is over, open the lab again.',
  },
  draining: {
    title: 'The runner is being stopped',
    status: 503,
    exit: 3,
    hint: 'Try again in a minute; running labs go on meanwhile.',
  },
  'wrong-state': { title: 'Not possible right now', status: 409, exit: 2, hint: 'Wait until the lab is ready.' },
  'invalid-file': {
    title: 'A file is not valid',
    status: 422,
    exit: 2,
    hint: 'Correct the places named; nothing was changed in the running lab.',
  },
  'service-not-ready': {
    title: 'A service does not come up',
    status: 422,
    exit: 2,
    hint: 'Read its last lines above, correct the file and apply again. Your files are kept.',
  },
  'no-capacity': {
    title: 'No room for another lab',
    status: 503,
    exit: 3,
    hint: 'Stop a lab that is not needed, then try again.',
  },
  'isolation-lost': {
    title: 'Labs are not shut off from this machine',
    status: 503,
    exit: 3,
    hint: 'Restart the container engine, which puts its firewall rules back; the log of the runner names what answered. Labs open again once a probe finds everything shut.',
  },
  'engine-unavailable': {
    title: 'The container engine does not answer',
    status: 503,
    exit: 3,
    hint: 'Run "./drydock doctor"; it says what is wrong and what to do.',
  },
  'engine-refused': {
    title: 'The container engine refused a step',
    status: 500,
    exit: 3,
    hint: 'Run "./drydock doctor". What had been made was removed again.',
  },
  'image-missing': {
    title: 'A lab image is missing',
    status: 503,
    exit: 3,
    hint: 'Run "./drydock images build".',
  },
  'workbench-lost': {
    title: 'The workbench does not answer',
    status: 503,
    exit: 3,
    hint: 'Stop the lab and open it again.',
  },
  'could-not-check': {
    title: 'The check itself failed',
    status: 500,
    exit: 3,
    hint: 'This says nothing about your fix. Check again.',
  },
  environment: {
    title: 'This machine is not ready',
    status: 500,
    exit: 3,
    hint: 'Run "./drydock doctor".',
  },
  usage: { title: 'Command not understood', status: 400, exit: 2, hint: 'Run "./drydock --help".' },
  'store-failed': {
    title: 'Nothing could be saved',
    status: 503,
    exit: 3,
    hint: 'Look whether the disk of ~/.drydock is full or read-only; "./drydock doctor" tells. Then try again.',
  },
  internal: {
    title: 'Something unexpected went wrong',
    status: 500,
    exit: 2,
    hint: 'Please report it with the lines above.',
  },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorName = keyof typeof ERRORS;

/** A place in a file, 1-based. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** The one error class: a name from the catalogue, what happened this time, and optionally where. */
export class DrydockError extends Error {
  override readonly name: ErrorName;
  readonly title: string;
  readonly hint: string;
  readonly status: number;
  readonly exit: ExitCode;
  readonly at: readonly Place[];
  /** Seconds after which trying again makes sense; null where it does not depend on time. */
  readonly retryAfter: number | null;

  constructor(
    name: ErrorName,
    message: string,
    details: { cause?: unknown; hint?: string; at?: readonly Place[]; retryAfter?: number } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    const entry: CatalogueEntry = ERRORS[name];
    this.name = name;
    this.title = entry.title;
    this.hint = details.hint ?? entry.hint;
    this.status = entry.status;
    this.exit = entry.exit;
    this.at = details.at ?? [];
    this.retryAfter = details.retryAfter ?? null;
  }

  /** The shape that leaves the process: no stack, no cause. */
  toProblem() {
    return { name: this.name, title: this.title, message: this.message, hint: this.hint, at: [...this.at] };
  }
}
