import { styleText } from 'node:util';
import { Command } from 'commander';
import type { CliContext } from '../context.ts';
import type { Check } from '../doctor/check.ts';

const COLOURS = { ok: 'green', warn: 'yellow', fail: 'red' } as const;

export function doctorCommand(context: CliContext): Command {
  return new Command('doctor')
    .description('says whether this machine is ready, and what to do where it is not; changes nothing')
    .option('--json', 'for programs')
    .action(async ({ json }: { json?: true }) => {
      const { runDoctor } = await import('../doctor/run-doctor.ts');
      const checks = await runDoctor(context);
      const failed = checks.some((check) => check.state === 'fail');
      if (json) context.out(JSON.stringify({ ok: !failed, checks }, null, 2));
      else for (const check of checks) show(context, check);
      if (failed) process.exitCode = 1;
    });
}

function show(context: CliContext, { name, state, detail, remedy }: Check): void {
  context.out(`${styleText(COLOURS[state], state.padEnd(4))}  ${name}: ${detail}`);
  if (remedy !== '') context.out(`      ${remedy}`);
}
