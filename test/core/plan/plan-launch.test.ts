import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planLaunch } from '../../../runner/core/plan/plan-launch.ts';
import { COMPOSE, SCENARIO } from '../support/small-lab.ts';

test('a scenario and its compose.yaml become the whole launch as data', () => {
  const outside = (name: string) => ({ name, networks: [{ network: 'front', aliases: [name] }] });
  const at = (name: string, ...networks: string[]) => ({
    name,
    networks: networks.map((network) => ({ network, aliases: [name] })),
  });
  assert.deepEqual(planLaunch(SCENARIO, COMPOSE), {
    networks: ['front', 'back'],
    positions: [
      at('gateway', 'front', 'back'),
      at('db', 'back'),
      outside('workbench'),
      outside('outside-1'),
      outside('outside-2'),
    ],
    services: [
      {
        name: 'gateway',
        role: 'service',
        image: 'node',
        command: ['node', 'server.ts'],
        environment: { PORT: '8080' },
        files: [{ folder: 'gateway', target: '/app/src' }],
        data: [],
        secrets: ['flag-enter'],
        ready: { kind: 'http', port: 8080, path: '/healthz' },
      },
      {
        name: 'db',
        role: 'database',
        image: 'postgres',
        command: [],
        environment: {},
        files: [{ folder: 'db', target: '/app/sql' }],
        data: [{ volume: 'db-data', target: '/var/lib/postgresql/data' }],
        secrets: ['db-password'],
        ready: { kind: 'postgres', port: 5432 },
      },
    ],
  });
});

test('the outside and the workbench reach the public network alone', () => {
  const plan = planLaunch(SCENARIO, COMPOSE);
  const strangers = plan.positions.filter(({ name }) => !(name in SCENARIO.services));
  assert.equal(strangers.length, 3);
  for (const { networks } of strangers)
    assert.deepEqual(
      networks.map(({ network }) => network),
      ['front'],
    );
});

test('the same text gives the same plan, and comments and quoting change nothing', () => {
  const restyled = COMPOSE.replace('image: drydock/node', '"image": "drydock/node" # the gateway');
  assert.notEqual(restyled, COMPOSE);
  assert.deepEqual(planLaunch(SCENARIO, restyled), planLaunch(SCENARIO, COMPOSE));
});
