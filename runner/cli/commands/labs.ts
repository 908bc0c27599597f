import { Command } from 'commander';
import type { CliContext } from '../context.ts';

export function labsCommand(context: CliContext): Command {
  return new Command('labs')
    .description('lists the labs')
    .option('--json', 'for programs')
    .action(async ({ json }: { json?: true }) => {
      const { loadLibrary } = await import('../../library/load-library.ts');
      const labs = [...(await loadLibrary(context.root)).values()].map((lab) => lab.public);
      if (json) {
        const listed = labs.map(({ id, practice, title, tasks }) => ({
          id,
          practice,
          title,
          tasks: tasks.map(({ id, kind, points }) => ({ id, kind, points })),
        }));
        context.out(JSON.stringify(listed, null, 2));
        return;
      }
      for (const lab of labs) {
        context.out(`${lab.id}  ${lab.title} (${lab.practice}, about ${lab.minutes} min)`);
        for (const task of lab.tasks) context.out(`  ${task.id}  ${task.kind}: ${task.title}, ${task.points} points`);
      }
    });
}
