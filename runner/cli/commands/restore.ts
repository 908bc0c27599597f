import { join } from 'node:path';
import { Command } from 'commander';
import { DrydockError } from '#contract';
import type { CliContext } from '../context.ts';
import { runningServer } from '../serving/server-file.ts';

export function restoreCommand(context: CliContext): Command {
  return new Command('restore')
    .description('puts back what backup wrote; what was there is kept beside. The server must be stopped')
    .argument('<file>')
    .action((file: string) => restore(context, file));
}

async function restore({ home, say }: CliContext, from: string): Promise<void> {
  const server = await runningServer(home);
  if (server) {
    throw new DrydockError(
      'environment',
      `Drydock serves at ${server.url} (process ${server.pid}). Nothing was changed.`,
      {
        hint: 'Stop it first: ./drydock down',
      },
    );
  }
  const [{ restoreDatabase }, { STORE_FILE }] = await Promise.all([
    import('../../store/sqlite/restore-database.ts'),
    import('../../store/sqlite/open-database.ts'),
  ]);
  const { kept, secrets, sessions, attempts } = await restoreDatabase(from, join(home, STORE_FILE), new Date());
  say(
    `Restored ${from} into ${home}: ${sessions} sessions, ${attempts} attempts, ${secrets.join(' and ') || 'no key'}.`,
  );
  for (const file of kept) say(`What was there before is kept as ${file}`);
}
