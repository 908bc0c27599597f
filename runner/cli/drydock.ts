import { rmSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { dirname, join } from 'node:path';

// The one place that decides on exit codes and prints errors. Everything else throws.
const root = dirname(dirname(import.meta.dirname));

// Spares every later start the parsing of the same files.
enableCompileCache(join(root, 'node_modules', '.cache', 'drydock'));

try {
  const { runProgram } = await import('./program.ts');
  await runProgram(root, process);
} catch (error) {
  process.exitCode = damagedPackages(error) ?? (await report(error));
}

/** A package that is not where it was installed: node_modules is damaged. Without its stamp ./drydock redoes it. */
function damagedPackages(error: unknown): number | null {
  const missing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
  if (!missing || !/find package|node_modules/.test(error.message)) return null;
  rmSync(join(root, 'node_modules', '.drydock-lock'), { force: true });
  console.error(
    `This machine is not ready\nA package is missing from node_modules: ${error.message}\nRun the same command again; it installs the packages afresh.`,
  );
  return 3;
}

async function report(error: unknown): Promise<number> {
  const { describeError } = await import('./describe-error.ts');
  const { text, exit } = describeError(error);
  if (text !== '') console.error(text);
  return exit;
}
