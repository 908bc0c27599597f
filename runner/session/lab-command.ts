import { DrydockError, type ResetRequest, type ResetResult, type Session, type Verdict } from '#contract';
import type { LabCall } from '../pipe/lab-calls.ts';
import { type CaptureWords, captureWords, resetRequest, resetText } from './lab-words.ts';

/** What the `lab` command may do; each is the same as its button in the page. */
export interface LabActions {
  status(): Session;
  apply(): Promise<{ changed: string[]; milliseconds: number }>;
  check(task?: string): Promise<{ verdicts: Verdict[] }>;
  hint(task: string): Promise<{ shown: string[]; left: number }>;
  flag(task: string, flag: string): Promise<{ accepted: boolean; message: string }>;
  logs(service: string): Promise<string>;
  reset(what: ResetRequest): Promise<ResetResult>;
  /** From the files as shipped to those of the workspace. */
  diff(): Promise<string>;
  /** Resolves with the shell's exit code. */
  shell(call: LabCall, service: string, name: string): Promise<number>;
  /** Prints what it hears; resolves with where the capture was put. */
  capture(call: LabCall, what: CaptureWords): Promise<string>;
  /** Tasks that are done by handing in a flag. */
  breakTasks(): string[];
}

const USAGE = `lab status                 what is done and what is left
lab apply                  deploy the files of the workspace
lab check [TASK]           attack the deployed services and say what holds
lab flag FLAG              hand in the flag of an exploit
lab hint TASK              one hint more
lab logs SERVICE           the last lines of a service
lab diff                   what you changed in the workspace
lab reset FILE             put a file back as the lab shipped it, or with
lab reset --service NAME   the files of a service, --task NAME those of a task,
lab reset --all            all files, or with --data what the services stored
lab shell SERVICE [NAME]   a shell in a service; the same NAME comes back to it
lab capture SERVICE [--seconds N] [FILTER]
lab capture SERVICE 'tcp port 8080'   shows packets, keeps them in ~/captures
`;

/** The shell that `lab shell` opens when it is given no name. */
const SHELL = 'lab';

/** Answers one call of the `lab` command. Exit codes: 0 fine, 1 not yet, 2 usage or a known error. */
export async function runLabCommand(call: LabCall, actions: LabActions): Promise<void> {
  try {
    call.exit(await dispatch(call, actions));
  } catch (error) {
    const known =
      error instanceof DrydockError ? error : new DrydockError('internal', (error as Error).message, { cause: error });
    const places = known.at
      .map(({ file, line, column, message }) => `  ${file}:${line}:${column} ${message}\n`)
      .join('');
    call.print(`${known.title}. ${known.message}\n${places}${known.hint}\n`);
    call.exit(known.exit);
  }
}

async function dispatch(call: LabCall, actions: LabActions): Promise<number> {
  const { argv, print } = call;
  const [word, first, second] = argv;
  switch (word) {
    case 'status': {
      const session = actions.status();
      print(session.tasks.map(({ task, state }) => `${state === 'passed' ? 'passed ' : 'open   '} ${task}\n`).join(''));
      return 0;
    }
    case 'apply': {
      const { changed, milliseconds } = await actions.apply();
      print(changed.length === 0 ? 'Nothing changed.\n' : `Replaced ${changed.join(', ')} in ${milliseconds} ms.\n`);
      return 0;
    }
    case 'check': {
      const { verdicts } = await actions.check(first);
      print(verdicts.map(verdictText).join('\n'));
      return verdicts.every(({ verdict }) => verdict === 'passed') ? 0 : 1;
    }
    case 'hint': {
      if (!first) break;
      const { shown, left } = await actions.hint(first);
      print(`${shown.at(-1) ?? 'This task has no hints.'}\n(${left} more)\n`);
      return 0;
    }
    case 'flag': {
      if (!first) break;
      // A flag does not say whose it is, and break tasks may be solved in any order.
      const answers = await Promise.all(actions.breakTasks().map((task) => actions.flag(task, first)));
      const answer = answers.find(({ accepted }) => accepted) ?? answers[0];
      print(`${answer?.message ?? 'This lab has no flag to hand in.'}\n`);
      return answer?.accepted ? 0 : 1;
    }
    case 'logs':
      if (!first) break;
      print(await actions.logs(first));
      return 0;
    case 'diff':
      print((await actions.diff()) || 'The workspace is as the lab shipped it.\n');
      return 0;
    case 'reset': {
      const what = resetRequest(argv.slice(1));
      if (!what) break;
      print(resetText(what, await actions.reset(what)));
      return 0;
    }
    case 'shell':
      if (!first) break;
      return actions.shell(call, first, second ?? SHELL);
    case 'capture': {
      const what = captureWords(argv.slice(1));
      if (!what) break;
      print(await actions.capture(call, what));
      return 0;
    }
  }
  if (word === undefined || word === 'help' || word === '--help') {
    print(USAGE);
    return 0;
  }
  print(`"lab ${argv.join(' ').slice(0, 100)}" is not understood. What there is:\n\n${USAGE}`);
  return 2;
}

function verdictText({ task, verdict, message, evidence, replay }: Verdict): string {
  const shown =
    verdict === 'not-yet' ? evidence.map(({ title, text }) => `\n  ${title}\n${indent(text)}`).join('') : '';
  const again = verdict === 'not-yet' && replay ? `\n  See it yourself:\n${indent(replay)}` : '';
  return `${verdict.padEnd(8)} ${task}: ${message.text}${shown}${again}\n`;
}

const indent = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}\n`)
    .join('');
