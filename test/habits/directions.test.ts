import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { cruise, type IForbiddenRuleType } from 'dependency-cruiser';

const root = join(import.meta.dirname, '../..');
const { forbidden, options } = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')) as {
  forbidden: IForbiddenRuleType[];
  options: object;
};

const session = "import '../session/open.ts';";
const engine = "import '../engine/connect.ts';";

/** Rule → a file that breaks it. */
const BROKEN: Record<string, readonly [path: string, source: string]> = {
  'contract-is-a-leaf': ['runner/contract/reads.ts', "import 'node:fs';"],
  'imports-of-core': ['runner/core/plan.ts', session],
  'core-has-no-effects': ['runner/core/effect.ts', "import 'node:fs/promises';"],
  'core-packages': ['runner/core/package.ts', "import 'pino';"],
  'imports-of-library': ['runner/library/load.ts', session],
  'imports-of-engine': ['runner/engine/reap.ts', session],
  'imports-of-pipe': ['runner/pipe/open.ts', session],
  'imports-of-terminal': ['runner/terminal/attach.ts', session],
  'imports-of-store': ['runner/store/open.ts', session],
  'imports-of-observe': ['runner/observe/watch.ts', engine],
  'imports-of-check': ['runner/check/run.ts', engine],
  'imports-of-session': ['runner/session/start.ts', engine],
  'imports-of-grading': ['runner/grading/grade.ts', engine],
  'imports-of-workshop': ['runner/workshop/open.ts', engine],
  'imports-of-lti': ['runner/lti/launch.ts', engine],
  'imports-of-server': ['runner/server/app.ts', engine],
  'nobody-imports-the-edge': ['runner/session/prints.ts', "import '../cli/up.ts';"],
  'runner-stands-alone': ['runner/library/runs.ts', "import '../../labs/ferry/orders.ts';"],
  'probe-sdk-takes-types-only': [
    'runner/check/probe/parse.ts',
    "import { value } from '#contract';\nexport { value };",
  ],
  'probe-sdk-knows-contract-only': ['runner/check/probe/plan.ts', "export type { P } from '../../core/type.ts';"],
  'agent-is-self-contained': ['runner/pipe/agent/agent.ts', "import { value } from '#contract';\nexport { value };"],
  'imports-of-site': ['site/src/page.ts', "import '../../runner/core/type.ts';"],
  'imports-of-labs': ['scenarios/demo/probes/answer.ts', "import '../../../runner/core/type.ts';"],
  'dockerode-in-engine-only': ['runner/session/dials.ts', "import 'dockerode';"],
  'express-in-server-only': ['runner/session/serves.ts', "import 'express';"],
  'ws-in-server-and-terminal-only': ['runner/session/sockets.ts', "import 'ws';"],
  'prom-client-in-metrics-only': ['runner/server/counts.ts', "import 'prom-client';"],
  'commander-in-cli-only': ['runner/session/commands.ts', "import 'commander';"],
  'no-cycles': ['runner/core/one.ts', "import './two.ts';"],
  'nothing-unresolved': ['runner/core/lost.ts', "import './not-there.ts';"],
  'no-undeclared-package': ['runner/engine/undeclared.ts', "import 'docker-modem';"],
};

/** Files that break nothing, imported by those above or showing what is allowed. */
const SOUND: Record<string, string> = {
  'runner/contract/index.ts': "import 'zod';\nexport type T = 1;\nexport const value = 1;",
  'runner/core/type.ts': "import '#contract';\nimport 'yaml';\nimport 'node:crypto';\nexport type P = 1;",
  'runner/core/two.ts': "import './one.ts';",
  'runner/check/protocol.ts': "import '../core/type.ts';\nexport type Q = 1;",
  'runner/check/probe/index.ts': "import 'node:net';\nimport type { T } from '#contract';\nexport type R = T;",
  'runner/check/probe/main.ts': "import type { Q } from '../protocol.ts';\nexport type S = Q;",
  'runner/engine/connect.ts': "import 'dockerode';\nimport '../core/type.ts';",
  'runner/observe/metrics.ts': "import 'prom-client';\nimport '../core/type.ts';",
  'runner/session/open.ts': "import '../pipe/agent/frames.ts';\nimport '../library/read.ts';",
  'runner/pipe/agent/frames.ts': "import 'node:net';",
  'runner/library/read.ts': "import 'node:fs';",
  'runner/server/routes.ts': "import 'express';\nimport '../terminal/share.ts';\nimport '../observe/metrics.ts';",
  'runner/terminal/share.ts': "import 'ws';",
  'runner/cli/up.ts': "import '../main.ts';\nimport 'commander';",
  'runner/main.ts': "import './engine/connect.ts';\nimport './server/routes.ts';",
  'site/src/lab.ts': "import '#contract';",
  'labs/ferry/orders.ts': "import 'express';",
  'scenarios/demo/probes/fix.ts': "import '#probe';",
};

let folder = '';
let found: { rule: string; from: string }[] = [];

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'drydock-directions-'));
  for (const name of ['package.json', 'tsconfig.json']) cpSync(join(root, name), join(folder, name));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const [path, text] of Object.entries({ ...SOUND, ...Object.fromEntries(Object.values(BROKEN)) })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  found = await findings(folder);
});

after(() => rmSync(folder, { recursive: true, force: true }));

async function findings(baseDir: string) {
  const { output } = await cruise(['runner', 'site', 'labs', 'scenarios'], {
    ...options,
    baseDir,
    validate: true,
    ruleSet: { forbidden },
  });
  assert.ok(typeof output === 'object');
  return output.summary.violations.map(({ rule, from }) => ({ rule: rule.name, from }));
}

for (const { name, comment } of forbidden) {
  test(`the rule ${name} bites and says how to repair it`, () => {
    const [path] = BROKEN[name ?? ''] ?? assert.fail(`give BROKEN a file that breaks ${name}`);
    assert.ok(
      found.some(({ rule, from }) => rule === name && from === path),
      JSON.stringify(found, null, 1),
    );
    assert.ok((comment ?? '').length > 40, 'its comment says how to repair it');
  });
}

test('what the design allows breaks no rule', () => {
  const sound = found.filter(({ rule, from }) => from in SOUND && rule !== 'no-cycles');
  assert.deepEqual(sound, []);
});
