import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { documentPaths } from './document-paths.ts';
import { fileLength } from './file-length.ts';
import { kebabCase, tellingNames } from './file-names.ts';
import { listFiles } from './list-files.ts';
import { pageImports } from './page-imports.ts';
import { processAtTheEdge } from './process-at-the-edge.ts';

interface Habit {
  readonly name: string;
  readonly find: (path: string, text: string) => string[];
  /** Controls: each must be found. */
  readonly bad: readonly (readonly [path: string, text: string])[];
  /** Each must be let through. */
  readonly good: readonly (readonly [path: string, text: string])[];
}

const root = join(import.meta.dirname, '../..');
const HABITS: readonly Habit[] = [
  {
    name: 'the environment, exits and the console are used by programs only',
    find: processAtTheEdge,
    bad: [
      ['runner/core/clock.ts', 'export const home = process.env.HOME;'],
      ['runner/engine/connect.ts', 'if (broken) process.exit(3);'],
      ['runner/session/open.ts', 'process.exitCode = 1;'],
      ['runner/server/app.ts', "console.log('listening');"],
      ['runner/check/probe/http.ts', "console.error('late');"],
      ['runner/store/open.ts', "import { env } from 'node:process';"],
    ],
    good: [
      ['runner/cli/up.ts', 'console.log(process.env.HOME);'],
      ['runner/main.ts', 'process.exit(0);'],
      ['runner/check/probe/main.ts', 'process.exit(1);'],
      ['runner/pipe/agent/agent.ts', "process.on('SIGTERM', () => process.exit(0));"],
      ['runner/core/note.ts', '// process.env is read by runner/cli\nexport const hint = "console.log";'],
      ['labs/ferry/orders/main.ts', 'process.env.PORT;'],
    ],
  },
  {
    name: 'no code file is longer than 250 lines',
    find: fileLength,
    bad: [
      ['runner/core/plan.ts', 'x;\n'.repeat(251)],
      ['drydock', 'x\n'.repeat(251)],
    ],
    good: [
      ['runner/core/plan.ts', 'x;\n'.repeat(250)],
      ['package-lock.json', '\n'.repeat(9000)],
    ],
  },
  {
    name: 'code files and their folders are kebab-case',
    find: kebabCase,
    bad: [
      ['runner/core/planLaunch.ts', ''],
      ['runner/Core/plan.ts', ''],
      ['site/src/workspace/FileTree.tsx', ''],
      ['labs/images/base/keeper_ring.c', ''],
    ],
    good: [
      ['runner/core/plan-launch.ts', ''],
      ['test/core/plan-launch.test.ts', ''],
      ['site/src/pages/lab/[lab].astro', ''],
      ['.dependency-cruiser.cjs', ''],
      ['README.md', ''],
    ],
  },
  {
    name: 'names say what is inside',
    find: tellingNames,
    bad: [
      ['runner/core/utils.ts', ''],
      ['test/helpers/engine.ts', ''],
      ['runner/session/session-manager.ts', ''],
      ['labs/misc/Dockerfile', ''],
    ],
    good: [['runner/session/open-launch.ts', '']],
  },
  {
    name: 'pages import the contract and the site alone',
    find: pageImports,
    bad: [
      ['site/src/pages/index.astro', "import { plan } from '../../../runner/core/plan.ts';"],
      ['site/src/content/docs/a.mdx', "import answer from '../../../../scenarios/a/solution/b/c.ts';"],
      ['site/src/pages/b.astro', "const probe = await import('#probe');"],
    ],
    good: [
      [
        'site/src/pages/index.astro',
        "import { PRACTICES } from '#contract';\nimport { labs } from '../labs/load-labs.ts';",
      ],
    ],
  },
  {
    name: 'documents name files that exist',
    find: (path, text) => documentPaths(path, text, (target) => existsSync(join(root, target))),
    bad: [
      ['ARCHITECTURE.md', 'The plan is made in `runner/core/not-there.ts`.'],
      ['README.md', 'Read [how](NOT-THERE.md).'],
    ],
    good: [
      [
        'README.md',
        '`runner/core/`, `scenarios/<lab>/x.yaml`, [licence](LICENSE), [site](https://example.org), `test/core/…`',
      ],
    ],
  },
];

const files = listFiles(root).map((path) => [path, readFileSync(join(root, path), 'utf8')] as const);

for (const { name, find, bad, good } of HABITS) {
  test(name, () => {
    const findings = files.flatMap(([path, text]) => find(path, text));
    assert.ok(findings.length === 0, findings.join('\n'));
  });
  for (const [path, text] of bad) {
    test(`control: "${name}" finds ${path}`, () => assert.equal(find(path, text).length, 1));
  }
  for (const [path, text] of good) {
    test(`control: "${name}" lets ${path} through`, () => assert.deepEqual(find(path, text), []));
  }
}
