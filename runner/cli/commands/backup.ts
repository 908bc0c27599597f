import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { DrydockError } from '#contract';
import type { CliContext } from '../context.ts';

export function backupCommand(context: CliContext): Command {
  return new Command('backup')
    .description('writes work, progress and the key of this runner to one new file; the server may go on')
    .argument('<file>')
    .action((file: string) => backup(context, file));
}

async function backup({ home, say }: CliContext, to: string): Promise<void> {
  const [{ backupDatabase }, { STORE_FILE }] = await Promise.all([
    import('../../store/sqlite/backup-database.ts'),
    import('../../store/sqlite/open-database.ts'),
  ]);
  const file = join(home, STORE_FILE);
  if (!existsSync(file)) {
    throw new DrydockError('usage', `There is nothing to back up yet in ${home}.`, {
      hint: 'Open a lab first, or say with DRYDOCK_HOME where the work is.',
    });
  }
  await backupDatabase(file, to);
  say(`Wrote ${to}, ${(statSync(to).size / 1e6).toFixed(1)} MB: all work and progress, and the key of this runner.`);
  say('Whoever has the key can sign results in its name: keep the file where only you can read it.');
}
