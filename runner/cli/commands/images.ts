import { Command } from 'commander';
import type { CliContext } from '../context.ts';

export function imagesCommand(context: CliContext): Command {
  const command = new Command('images').description('the images labs are made of');
  command
    .command('build')
    .description('builds those that are missing')
    .action(async () => (await import('../images/build-missing.ts')).buildMissing(context));
  command
    .command('list')
    .description('lists them')
    .action(async () => (await import('../images/list-images.ts')).listImages(context));
  command
    .command('export')
    .description('writes all of them to one file, for a machine without a network')
    .argument('<file>')
    .action(async (file: string) => (await import('../images/move-images.ts')).exportImages(context, file));
  command
    .command('import')
    .description('reads such a file')
    .argument('<file>')
    .action(async (file: string) => (await import('../images/move-images.ts')).importImages(context, file));
  return command;
}
