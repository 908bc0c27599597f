import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EngineState } from '../../../runner/cli/machine/ask-engine.ts';
import { engineProblem } from '../../../runner/cli/machine/engine-problem.ts';
import { engineWork } from '../../../runner/cli/machine/ensure-engine.ts';
import type { Machine } from '../../../runner/cli/machine/read-machine.ts';

const machine: Machine = {
  root: false,
  user: 'ada',
  debian: true,
  system: 'Debian 13',
  systemd: true,
  engineInstalled: false,
};
const here = { address: { socketPath: '/var/run/docker.sock' }, given: false };
const nothing = { kind: 'nothing-there' } as const;

type Bad = Exclude<EngineState, { kind: 'ready' }>;
const cases: readonly [
  name: string,
  state: Bad,
  machine: Machine,
  where: typeof here,
  message: string,
  hint: string,
][] = [
  [
    'no engine, no root',
    nothing,
    machine,
    here,
    'There is no container engine here, and ada may not install one: that takes root.',
    "Run: sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends docker.io iptables ca-certificates && usermod -aG docker ada'   Then sign out and in again, and run npm start.",
  ],
  [
    'no engine, not Debian',
    nothing,
    { ...machine, root: true, debian: false, system: 'Fedora 42' },
    here,
    'There is no container engine here. Drydock installs one by itself on Debian and Ubuntu only; this is Fedora 42.',
    'Install Docker Engine 20.10 or newer (https://docs.docker.com/engine/install/), start it, then run npm start.',
  ],
  [
    'installed and stopped',
    nothing,
    { ...machine, engineInstalled: true },
    here,
    'The container engine is installed but not running: nothing answers at /var/run/docker.sock.',
    'Run: sudo systemctl start docker   Then run npm start.',
  ],
  [
    'not allowed',
    { kind: 'denied' },
    machine,
    here,
    'ada may not open /var/run/docker.sock, so the container engine cannot be used.',
    'Run: sudo usermod -aG docker ada   Then sign out and in again, and run npm start.',
  ],
  [
    'too old',
    { kind: 'too-old', version: '19.03' },
    machine,
    here,
    'The container engine at /var/run/docker.sock is version 19.03; Drydock needs 20.10 or newer.',
    'Update Docker Engine (https://docs.docker.com/engine/install/), then run npm start.',
  ],
  [
    'not an engine',
    { kind: 'no-answer', reason: 'it does not answer' },
    machine,
    here,
    'Something listens at /var/run/docker.sock, but it is no use as a container engine: it does not answer.',
    'Run: sudo systemctl restart docker   Then run npm start.',
  ],
  [
    'DOCKER_HOST leads nowhere',
    nothing,
    machine,
    { ...here, given: true },
    'DOCKER_HOST says the container engine is at /var/run/docker.sock, and nothing answers there.',
    "Start that engine, or unset DOCKER_HOST to use this machine's own; then run npm start.",
  ],
];

for (const [name, state, on, where, message, hint] of cases) {
  test(`${name}: what, why, what to do, exit 3`, () => {
    const problem = engineProblem(state, on, where);
    assert.equal(problem.message, message);
    assert.equal(problem.hint, hint);
    assert.equal(problem.exit, 3);
  });
}

test('only root installs or starts an engine, only on Debian, and never one that DOCKER_HOST names', () => {
  const root = { ...machine, root: true };
  assert.equal(engineWork(nothing, root, false), 'install');
  assert.equal(engineWork(nothing, { ...root, engineInstalled: true }, false), 'start');
  assert.equal(engineWork(nothing, { ...root, debian: false, engineInstalled: true }, false), 'start');
  assert.equal(engineWork(nothing, { ...root, debian: false }, false), null);
  assert.equal(engineWork(nothing, machine, false), null);
  assert.equal(engineWork(nothing, root, true), null);
  assert.equal(engineWork({ kind: 'too-old', version: '1' }, root, false), null);
});
