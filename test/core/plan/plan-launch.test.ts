import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planLaunch } from '../../../runner/core/plan/plan-launch.ts';
import { refusedPlaces } from '../support/places.ts';
import { COMPOSE, SCENARIO } from '../support/small-lab.ts';
import { WIDE_COMPOSE, WIDE_SCENARIO } from '../support/wide-lab.ts';

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
        position: 'gateway',
        role: 'service',
        image: 'node',
        user: '10001:10001',
        command: ['node', 'server.ts'],
        environment: { PORT: '8080' },
        files: [{ folder: 'gateway', target: '/app/src' }],
        data: [],
        scratch: [],
        secrets: ['flag-enter'],
        ready: { kind: 'http', port: 8080, path: '/healthz' },
        reload: null,
        confinement: {},
      },
      {
        name: 'db',
        position: 'db',
        role: 'database',
        image: 'postgres',
        user: '10005:10005',
        command: [],
        environment: {},
        files: [{ folder: 'db', target: '/app/sql' }],
        data: [{ volume: 'db-data', target: '/var/lib/postgresql/data', limit: { bytes: 2 ** 28, inodes: 20_000 } }],
        scratch: [],
        secrets: ['db-password'],
        ready: { kind: 'postgres', port: 5432 },
        reload: null,
        confinement: {},
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

test('sidecars and sensors have no position of their own but that of what they join', () => {
  const plan = planLaunch(WIDE_SCENARIO, WIDE_COMPOSE);
  const own = ['gateway', 'reports', 'queue', 'workbench', 'outside-1', 'outside-2'];
  assert.deepEqual(
    plan.positions.map(({ name }) => name),
    own,
  );
  assert.deepEqual(
    plan.services.map(({ name, position, role }) => [name, position, role]),
    [
      ['gateway', 'gateway', 'service'],
      ['reports', 'reports', 'container-lab'],
      ['queue', 'queue', 'broker'],
      ['proxy', 'gateway', 'sidecar'],
      ['watcher', 'outside-2', 'sensor'],
    ],
  );
});

test('a sensor runs the command of the lab, and a volume has the limit the lab gives it', () => {
  const plan = planLaunch(WIDE_SCENARIO, WIDE_COMPOSE);
  const find = (name: string) => plan.services.find((service) => service.name === name);
  assert.deepEqual(find('watcher')?.command, ['/usr/bin/perl', '/app/watch.pl']);
  assert.deepEqual(find('queue')?.data[0]?.limit, { bytes: 64 * 2 ** 20, inodes: 500 });
  assert.equal(find('gateway')?.reload, 'SIGHUP');
});

test('a service that may be hardened is confined as its compose.yaml says, in either spelling', () => {
  const reports = (text: string) => planLaunch(WIDE_SCENARIO, text).services.find(({ name }) => name === 'reports');
  const confinement = { capabilities: ['CHOWN'], readOnlyRoot: true, memoryMiB: 96, cpus: 0.25, pids: 64 };
  assert.deepEqual(reports(WIDE_COMPOSE)?.confinement, confinement);
  assert.equal(reports(WIDE_COMPOSE)?.user, '10020:10020');
  assert.deepEqual(reports(WIDE_COMPOSE)?.scratch, ['/app/cache']);
  const long = WIDE_COMPOSE.replace('    mem_limit: 96m\n    pids_limit: 64\n    cpus: 0.25\n', '').replace(
    '    read_only: true\n',
    '    read_only: true\n    deploy: { resources: { limits: { memory: 100663296, cpus: "0.25", pids: 64 } } }\n',
  );
  assert.deepEqual(reports(long)?.confinement, confinement);
  assert.deepEqual(reports(long.replace('cap_drop: [ALL]', 'cap_drop: [CAP_SETUID]'))?.confinement.capabilities, [
    'CHOWN',
    'DAC_OVERRIDE',
    'FOWNER',
    'FSETID',
    'KILL',
    'NET_BIND_SERVICE',
    'SETFCAP',
    'SETGID',
    'SETPCAP',
  ]);
});

test('a network holds no more positions than it has addresses', () => {
  const services = Array.from({ length: 14 }, (_, index) => `s${index}`);
  const scenario = {
    ...SCENARIO,
    services: Object.fromEntries(services.map((name) => [name, WIDE_SCENARIO.services['gateway'] ?? assert.fail()])),
  };
  const compose = (count: number) =>
    `services:\n${services.map((name, index) => `  ${name}: { image: drydock/node, networks: [${index < count ? 'front' : 'back'}] }\n`).join('')}networks:\n  front:\n  back:\n`;
  planLaunch(scenario, compose(10));
  const [place] = refusedPlaces(() => planLaunch(scenario, compose(11)));
  assert.match(place?.message ?? '', /networks\.front: it has room for 10 services/);
  assert.deepEqual([place?.line, place?.column], [17, 3]);
});

test('the same text gives the same plan, and comments and quoting change nothing', () => {
  const restyled = COMPOSE.replace('image: drydock/node', '"image": "drydock/node" # the gateway');
  assert.notEqual(restyled, COMPOSE);
  assert.deepEqual(planLaunch(SCENARIO, restyled), planLaunch(SCENARIO, COMPOSE));
});
