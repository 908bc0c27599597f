import type { RefusalCase } from './refusal-cases.ts';
import { WIDE_COMPOSE, without } from './wide-lab.ts';

const instead = (name: string, of: string, text: string, says: RegExp): RefusalCase => {
  if (!WIDE_COMPOSE.includes(of)) throw new Error(`the wide lab has no "${of}"`);
  return { name, text: WIDE_COMPOSE.replace(of, text), says };
};

/** `reports` with this line instead of its own of that key; § where the refusal points, the key by default. */
const beyond = (line: string, says: RegExp): RefusalCase => {
  const key = line.split(':')[0] ?? '';
  const others = WIDE_COMPOSE.split('\n').filter((one) => !one.startsWith(`    ${key}:`));
  const pointed = line.includes('§') ? line : `§${line}`;
  return {
    name: `beyond a container of the lab: ${line.replace('§', '')}`,
    text: others.join('\n').replace('  reports:\n', `  reports:\n    ${pointed}\n`),
    says,
  };
};

const joining = (mode: string, says: RegExp) =>
  instead(`network_mode "${mode}"`, 'network_mode: "service:gateway"', `§network_mode: ${mode}`, says);

const scratch = (path: string, says = /cannot be made writable/) =>
  instead(`tmpfs "${path}"`, 'tmpfs: [/tmp, /app/cache]', `tmpfs: [/tmp, §"${path}"]`, says);

const PROXY = '  proxy:\n    image: drydock/proxy\n    network_mode: "service:gateway"\n';
const QUEUE = '  queue:\n    image: drydock/nats\n    networks: [store]\n';

/** What a lab with sidecars, sensors and containers to harden opens must not open further. */
export const WIDE_REFUSALS: readonly RefusalCase[] = [
  ...['host', 'none', 'bridge', '"container:drydock-runner"', '"service:"', '"service:../x"'].map((mode) =>
    joining(mode, /nothing else can be joined/),
  ),
  ...['"service:other"', '"service:workbench"', '"service:outside-1"', '"service:proxy"', '"service:watcher"'].map(
    (mode) => joining(mode, /cannot be joined/),
  ),
  instead(
    'a sensor beyond the outside',
    'network_mode: "service:outside-2"',
    '§network_mode: "service:outside-3"',
    /cannot be joined/,
  ),
  instead(
    'a sensor on the workbench',
    'network_mode: "service:outside-2"',
    '§network_mode: "service:workbench"',
    /cannot be joined/,
  ),
  instead('a sidecar that joins nothing', PROXY, '  §proxy:\n    image: drydock/proxy\n', /needs network_mode/),
  instead(
    'a sidecar with networks',
    'network_mode: "service:gateway"\n',
    'network_mode: "service:gateway"\n    §networks: [back]\n',
    /on the networks of what it joins/,
  ),
  instead(
    'a service that joins another',
    '    networks: [store]\n',
    '    networks: [store]\n    §network_mode: "service:gateway"\n',
    /networks of its own/,
  ),
  instead('a service without networks', QUEUE, '  §queue:\n    image: drydock/nats\n', /networks are missing/),
  instead('a database as a sidecar', 'image: drydock/proxy', '§image: drydock/postgres', /a sidecar runs/),
  instead('a sidecar’s image for a broker', 'image: drydock/nats', '§image: drydock/node', /a broker runs/),
  instead(
    'a command of the learner’s in a sensor',
    'image: drydock/nids\n',
    'image: drydock/nids\n    §command: [sh]\n',
    /command is the lab's/,
  ),
  instead(
    'an environment of the learner’s in a sensor',
    'image: drydock/nids\n',
    'image: drydock/nids\n    §environment: { LD_PRELOAD: /app/rules/x.so }\n',
    /no environment/,
  ),
  instead(
    'a secret for a sensor',
    'image: drydock/nids\n',
    'image: drydock/nids\n    §secrets: [proxy-key]\n',
    /no secrets/,
  ),
  instead('data of a sidecar', '      - ./proxy:/app/proxy:ro\n', '      - §queue-data:/var/lib/x\n', /keeps no data/),
  {
    name: 'a service that must stay left out',
    text: without('queue').replace('services:', '§services:'),
    says: /"queue" is missing/,
  },
  beyond('user: root', /use a uid/),
  beyond('user: "1000"', /10000 to 65533/),
  beyond('user: "0:10002x"', /use a uid/),
  beyond('user: 65534', /10000 to 65533/),
  beyond('cap_add: [§SYS_ADMIN]', /nothing that a container-lab may have/),
  beyond('cap_add: [§NET_RAW]', /nothing that a container-lab may have/),
  beyond('cap_add: [§ALL]', /nothing that a container-lab may have/),
  beyond('cap_add: [CHOWN, §CAP_MKNOD]', /nothing that a container-lab may have/),
  beyond('cap_drop: [§"all of them"]', /nothing that a container-lab may have/),
  beyond('security_opt: [§"seccomp=unconfined"]', /no-new-privileges/),
  beyond('security_opt: [§"no-new-privileges:false"]', /no-new-privileges/),
  beyond('security_opt: [§"apparmor=unconfined"]', /no-new-privileges/),
  beyond('mem_limit: 257m', /between 16 and 256 MiB/),
  beyond('mem_limit: 64g', /between 16 and 256 MiB/),
  beyond('mem_limit: 1', /between 16 and 256 MiB/),
  beyond('mem_limit: -1', /an amount such as/),
  beyond('mem_limit: 1e9g', /an amount such as/),
  beyond('cpus: 8', /between 0.01 and 0.5/),
  beyond('cpus: -1', /at least 0.01/),
  beyond('cpus: .nan', /a number such as/),
  beyond('pids_limit: 129', /between 1 and 128/),
  beyond('pids_limit: -1', /at least 1/),
  beyond('pids_limit: 0', /at least 1/),
  beyond('privileged: true', /not allowed here/),
  beyond('pid: host', /not allowed here/),
  instead(
    'a limit in its long form',
    '    pids_limit: 64\n',
    '    deploy: { resources: { limits: { §pids: 4096 } } }\n',
    /between 1 and 128/,
  ),
  instead(
    'a limit said twice',
    '    mem_limit: 96m\n',
    '    §mem_limit: 96m\n    deploy: { resources: { limits: { memory: 64m } } }\n',
    /also set as/,
  ),
  instead(
    'hardening where the lab does not grant it',
    '    networks: [store]\n',
    '    networks: [store]\n    §cap_drop: [ALL]\n',
    /does not let it be changed/,
  ),
  instead(
    'a sidecar with a user of its own',
    '    secrets: [proxy-key]\n',
    '    secrets: [proxy-key]\n    §user: "0"\n',
    /a sidecar runs as 10001:10001/,
  ),
  instead(
    'a sidecar with a writable root',
    '    secrets: [proxy-key]\n',
    '    secrets: [proxy-key]\n    §read_only: false\n',
    /always read-only/,
  ),
  instead(
    'a sidecar with a capability',
    '    secrets: [proxy-key]\n',
    '    secrets: [proxy-key]\n    cap_add: [§NET_BIND_SERVICE]\n',
    /nothing that a sidecar may have/,
  ),
  ...[
    '/',
    '/etc',
    '/run',
    '/usr/bin',
    '/run/../etc',
    '/app',
    '/app/',
    '/proc/x',
    '/dev/shm',
    '/app/a:size=64g',
    '/app/a,exec',
    'app',
  ].map((path) => scratch(path)),
  ...['/run/secrets', '/run/secrets/x', '/app/cache/x'].map((path) =>
    instead(
      `tmpfs "${path}" over another`,
      'tmpfs: [/tmp, /app/cache]',
      `tmpfs: [/tmp, /app/cache, §"${path}"]`,
      /one in the other/,
    ),
  ),
  instead('tmpfs over files', 'tmpfs: /run/proxy', '§tmpfs: /app/proxy/x', /one in the other/),
  instead('tmpfs with options', 'tmpfs: [/tmp, /app/cache]', '§tmpfs: [{ target: /app/x }]', /expected string|list of/),
];
