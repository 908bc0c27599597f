import { Command } from 'commander';
import type { CliContext } from '../context.ts';

export function downCommand(context: CliContext): Command {
  return new Command('down')
    .description('stops the server and removes every running lab; your work is kept')
    .option('--all', 'also removes the images and everything in DRYDOCK_HOME: work and progress too')
    .action(async ({ all }: { all?: true }) => {
      const [{ stopServer }, { removeCourse }] = await Promise.all([
        import('../down/stop-server.ts'),
        import('../down/remove-course.ts'),
      ]);
      await stopServer(context);
      await removeCourse(context);
      if (all) await (await import('../down/remove-everything.ts')).removeEverything(context);
    });
}
