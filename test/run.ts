// `npm test`: sets up what tests need, the way `npm start` does, then runs every group. While working:
// `npm test -- --only unit`, `npm test -- test/cli/x.test.ts`. `npm run test:full` runs what takes long as well.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { describeError } from '../runner/cli/describe-error.ts';
import { readContext } from '../runner/cli/read-context.ts';
import { setUp } from '../runner/cli/setup/set-up.ts';
import { buildSite, siteToBuild } from '../runner/cli/site/build-site.ts';
import { needChromium } from './support/need-chromium.ts';
import { type Counts, runGroup } from './support/run-group.ts';
import { GROUPS, LONG_GROUPS, testFiles } from './support/test-groups.ts';

const root = join(import.meta.dirname, '..');
const { values, positionals } = parseArgs({
  options: { only: { type: 'string', multiple: true }, full: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const chosen = positionals.map((file) => resolve(file));
const stages: { readonly name: string; readonly seconds: number }[] = [];

async function stage<T>(name: string, run: () => Promise<T>): Promise<T> {
  const began = performance.now();
  console.log(`\n== ${name}`);
  try {
    return await run();
  } finally {
    stages.push({ name, seconds: (performance.now() - began) / 1000 });
  }
}

async function prepare(groups: readonly string[]): Promise<void> {
  const context = await readContext(root, process);
  if (groups.some((group) => group !== 'unit' && group !== 'long')) {
    await Promise.all([
      setUp(context),
      groups.includes('e2e') || groups.includes('fresh') ? needChromium(context, () => {}) : null,
    ]);
    return;
  }
  // Some unit tests read the built site; none needs an engine.
  const site = await siteToBuild(root);
  if (site) await buildSite(root, site, context.environment, () => {});
}

/** What `npm run check` holds beside the unit tests: format, lint, types, directions, dead code. */
async function runCheck(): Promise<boolean> {
  const child = spawn(process.execPath, [join(root, 'test/check.ts'), '--no-tests'], { cwd: root, stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  return code === 0;
}

async function runAll(): Promise<Counts> {
  const all = values.full || values.only || chosen.length > 0 ? [...GROUPS, ...LONG_GROUPS] : GROUPS;
  const asked = all.filter((group) => !values.only || values.only.includes(group.name));
  const work = asked
    .map((group) => ({ group, files: testFiles(root, group.name, chosen) }))
    .filter(({ files }) => files.length > 0);
  await stage('setting up', () => prepare(work.map(({ group }) => group.name)));
  const sum = { passed: 0, failed: 0, skipped: 0 };
  if (!values.only && chosen.length === 0) {
    const fine = await stage('check', runCheck);
    sum[fine ? 'passed' : 'failed']++;
  }
  for (const { group, files } of work) {
    const counts = await stage(group.name, () => runGroup(group, files, process.stdout));
    sum.passed += counts.passed;
    sum.failed += counts.failed;
    sum.skipped += counts.skipped;
  }
  return sum;
}

const counts = await runAll().catch((error): Counts => {
  console.error(describeError(error).text);
  return { passed: 0, failed: 1, skipped: 0 };
});
const skipped = counts.skipped > 0 ? `; ${counts.skipped} skipped` : '';
console.log(`\n${stages.map(({ name, seconds }) => `${name} ${seconds.toFixed(1)} s`).join(', ')}${skipped}`);
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
