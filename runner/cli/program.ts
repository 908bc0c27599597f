import { Command } from 'commander';
import { backupCommand } from './commands/backup.ts';
import { benchCommand } from './commands/bench.ts';
import { doctorCommand } from './commands/doctor.ts';
import { downCommand } from './commands/down.ts';
import { imagesCommand } from './commands/images.ts';
import { labsCommand } from './commands/labs.ts';
import { restoreCommand } from './commands/restore.ts';
import { upCommand } from './commands/up.ts';
import type { CliContext } from './context.ts';
import { readContext } from './read-context.ts';

/** One line per command; each makes itself in its own file. */
const COMMANDS: readonly ((context: CliContext) => Command)[] = [
  upCommand,
  doctorCommand,
  imagesCommand,
  labsCommand,
  benchCommand,
  backupCommand,
  restoreCommand,
  downCommand,
];

/** Runs one command line. Throws DrydockError, or CommanderError for one that is not understood. */
export async function runProgram(root: string, runs: NodeJS.Process): Promise<void> {
  const context = await readContext(root, runs);
  const program = new Command('drydock')
    .description('A hands-on course on securing a microservices architecture.')
    .helpCommand(false);
  for (const make of COMMANDS) program.addCommand(make(context));
  for (const command of [program, ...program.commands, ...program.commands.flatMap((one) => one.commands)]) {
    command.exitOverride().showHelpAfterError('Run "./drydock --help" for what there is.');
  }
  await program.parseAsync(runs.argv);
}
