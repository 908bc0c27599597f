import { COMPOSE } from './small-lab.ts';

export interface RefusalCase {
  readonly name: string;
  /** A whole compose.yaml with § where the refusal must point. */
  readonly text: string;
  readonly says: RegExp;
}

/** Keys of a service that Compose knows and a launch does not give; each on a line of its own below the image. */
const SERVICE_KEYS =
  `annotations: {a: b}|attach: false|blkio_config: {weight: 1}|build: .|cap_add: [SYS_ADMIN]|cap_drop: [ALL]
cgroup: host|cgroup_parent: /|configs: [a]|container_name: other|cpuset: "0"|cpus: 8|credential_spec: {file: a}|depends_on: [db]
deploy: {replicas: 9}|device_cgroup_rules: ["a *:* rwm"]|devices: [/dev/sda]|dns: 1.1.1.1|dns_search: a|domainname: a|entrypoint: [sh]
env_file: /etc/passwd|expose: [80]|extends: {file: /etc/passwd, service: a}|external_links: [a]|extra_hosts: ["a:host-gateway"]|gpus: all
group_add: [0]|healthcheck: {test: [CMD, "true"]}|hostname: other|init: false|ipc: host|isolation: default|labels: {drydock.owner: me}
links: [db]|logging: {driver: syslog}|mac_address: "02:42:ac:11:00:02"|mem_limit: 64g|mem_swappiness: 0|memswap_limit: -1
network_mode: host|oom_kill_disable: true|oom_score_adj: -1000|pid: host|pids_limit: -1|platform: linux/amd64|ports: ["80:80"]
post_start: [{command: [sh], user: root, privileged: true}]|privileged: true|profiles: [a]|pull_policy: always|read_only: false
restart: always|runtime: other|scale: 9|security_opt: ["seccomp=unconfined"]|shm_size: 64g|stdin_open: true
stop_grace_period: 1h|stop_signal: SIGKILL|storage_opt: {size: 1T}|sysctls: {net.ipv4.ip_forward: 1}|tmpfs: /run
tty: true|ulimits: {nproc: -1}|use_api_socket: true|user: root|userns_mode: host|uts: host|volumes_from: [db]
working_dir: /|x-mine: 1|Privileged: true|__proto__: {privileged: true}|constructor: 1|<<: {privileged: true}`.split(
    /[|\n]/,
  );

const IMAGE = '    image: drydock/node\n';
const serviceKey = (line: string): RefusalCase => ({
  name: `service key "${line}"`,
  text: COMPOSE.replace(IMAGE, `${IMAGE}    §${line}\n`),
  says: new RegExp(`services\\.gateway\\.${line.split(':')[0]}`),
});

const instead = (name: string, of: string, text: string, says: RegExp): RefusalCase => {
  if (!COMPOSE.includes(of)) throw new Error(`the small lab has no "${of}"`);
  return { name, text: COMPOSE.replace(of, text), says };
};

const MOUNT = '      - ./gateway:/app/src:ro\n';
const mount = (value: string, says: RegExp) => instead(`mount "${value}"`, MOUNT, `${MOUNT}      - §${value}\n`, says);

const SHAPE = /nothing else can be mounted|expected string/;
const MOUNTS = [
  mount('/var/run/docker.sock:/app/docker.sock', SHAPE),
  mount('/var/run/docker.sock:/app/docker.sock:ro', SHAPE),
  mount('/:/app/host:ro', SHAPE),
  mount('./../../etc:/app/etc:ro', /leaves the workspace/),
  mount('./..:/app/etc:ro', /leaves the workspace/),
  mount('../etc:/app/etc:ro', SHAPE),
  mount('~/files:/app/files:ro', SHAPE),
  mount('$HOME:/app/files:ro', SHAPE),
  mount('./gateway:/app/files', SHAPE),
  mount('./gateway:/app/files:rw', SHAPE),
  mount('./gateway:/app/files:ro,exec', SHAPE),
  mount('/app/anonymous', SHAPE),
  mount('gateway:/app/files', /not declared under volumes/),
  mount('constructor:/app/files', /not declared under volumes/),
  mount('./gateway:/usr/local/bin:ro', /cannot be mounted/),
  mount('./gateway:/run/secrets:ro', /cannot be mounted/),
  mount('./gateway:/app:ro', /cannot be mounted/),
  mount('./gateway:/app/:ro', /cannot be mounted/),
  mount('./gateway:/app/.:ro', /cannot be mounted/),
  mount('./gateway:/app//:ro', /cannot be mounted/),
  mount('./gateway:/app/../usr:ro', /cannot be mounted/),
  mount('./gateway:/application:ro', /cannot be mounted/),
  mount('./other:/app/src:ro', /already mounted/),
  {
    name: 'a data volume of another service',
    text: COMPOSE.replace(MOUNT, `${MOUNT}      - db-data:/var/lib/data\n`).replace(
      'db-data:/var/lib/post',
      '§db-data:/var/lib/post',
    ),
    says: /belongs to "gateway"/,
  },
  mount('{ type: bind, source: /, target: /app/host }', SHAPE),
  mount('{ type: npipe, source: a, target: /app/host }', SHAPE),
];

const NETWORKS = '  back:\nsecrets';
const network = (options: string) =>
  instead(`network option "${options}"`, NETWORKS, `  back: { §${options} }\nsecrets`, /networks\.back/);
const VOLUMES = '  db-data:\n';
const volume = (options: string) =>
  instead(`volume option "${options}"`, VOLUMES, `  db-data: { §${options} }\n`, /volumes\.db-data/);
const secret = (options: string) =>
  instead(
    `secret option "${options}"`,
    '  flag-enter: { external: true }',
    `  flag-enter: { external: true, §${options} }`,
    /secrets\.flag-enter/,
  );

const TOP = 'name: small\n';
const top = (line: string) =>
  instead(
    `top-level key "${line}"`,
    TOP,
    `${TOP}§${line}\n`,
    new RegExp((line.split(':')[0] ?? '').replace('.', '\\.')),
  );

export const REFUSALS: readonly RefusalCase[] = [
  ...SERVICE_KEYS.map(serviceKey),
  ...MOUNTS,
  ...['driver: host', 'external: true', 'name: bridge', 'internal: false', 'ipam: {}', 'attachable: true'].map(network),
  ...['driver_opts: { type: none, o: bind, device: / }', 'external: true', 'name: other', 'driver: nfs'].map(volume),
  ...['file: /etc/shadow', 'environment: HOME', 'name: other'].map(secret),
  ...['include: [/etc/passwd]', 'configs: {}', 'version: "3"', 'x-mine: 1', 'models: {}', '__proto__: {}'].map(top),
  instead('an image that is not the course’s', 'image: drydock/node', '§image: alpine', /services\.gateway\.image/),
  instead('an image with a tag', 'image: drydock/node', '§image: drydock/node:latest', /services\.gateway\.image/),
  instead('the workbench as a service', 'image: drydock/node', '§image: drydock/workbench', /services\.gateway\.image/),
  instead(
    'a shell line as command',
    'command: [node, server.ts]',
    '§command: node server.ts',
    /services\.gateway\.command/,
  ),
  instead('an empty word in the command', '[node, server.ts]', '[node, §""]', /services\.gateway\.command/),
  instead(
    'an environment that is a list',
    'environment:\n      PORT: 8080',
    '§environment: [PORT=8080]',
    /services\.gateway\.environment/,
  ),
  instead('a variable with a lower-case name', 'PORT: 8080', '§ld_preload: a', /letters, digits and underscores/),
  instead('a variable that is a list', 'PORT: 8080', '§PORT: [8080]', /text, number or boolean/),
  instead('a variable taken from the host', 'PORT: 8080', '§PORT:', /text, number or boolean/),
  instead('a NUL in the command', '[node, server.ts]', '[node, §"a\\0b"]', /no NUL/),
  instead('a word of the command too long', '[node, server.ts]', `[node, §${'a'.repeat(1001)}]`, /at most 1000/),
  instead('a NUL in a variable', 'PORT: 8080', '§PORT: "a\\0b"', /no NUL/),
  instead('a variable too long', 'PORT: 8080', `§PORT: ${'a'.repeat(4097)}`, /at most 4096/),
  instead('a variable with a name too long', 'PORT: 8080', `§${'A'.repeat(101)}: 1`, /at most 100/),
  instead(
    'too many variables',
    'environment:\n      PORT: 8080',
    `§environment: { ${Array.from({ length: 101 }, (_, index) => `V${index}: 1`).join(', ')} }`,
    /at most 100 variables/,
  ),
  instead(
    'too many networks',
    'networks:\n  front:\n',
    `§networks:\n  front:\n${Array.from({ length: 20 }, (_, index) => `  n${index}:\n`).join('')}`,
    /at most 20 networks/,
  ),
  instead('a network nobody declared', '[front, back]', '[front, back, §other]', /not declared under networks/),
  instead(
    'a network by a name every object has',
    '[front, back]',
    '[front, §constructor]',
    /not declared under networks/,
  ),
  instead('a network twice', '[front, back]', '[front, back, §front]', /named twice/),
  instead('no network', 'networks: [front, back]', '§networks: []', /services\.gateway\.networks/),
  instead('a secret nobody declared', '[flag-enter]', '[flag-enter, §other]', /not declared under secrets/),
  instead('a secret twice', '[flag-enter]', '[flag-enter, §flag-enter]', /named twice/),
  instead(
    'a secret the lab does not have',
    'secrets:\n  flag',
    'secrets:\n  §other: { external: true }\n  flag',
    /no such secret/,
  ),
  instead(
    'a secret by a name every object has',
    'secrets:\n  flag',
    'secrets:\n  §constructor: { external: true }\n  flag',
    /no such secret/,
  ),
  instead(
    'a secret that is not external',
    'flag-enter: { external: true }',
    'flag-enter: { §external: false }',
    /secrets\.flag-enter/,
  ),
  instead(
    'a service the lab does not have',
    '  db:\n',
    '  §miner:\n    image: drydock/node\n    networks: [back]\n  db:\n',
    /no such service/,
  ),
  instead('a service left out', 'services:\n  gateway', '§services:\n  gate', /"gateway" is missing/),
  instead('the public network left out', 'networks:\n  front:\n', '§networks:\n  other:\n', /"front" is missing/),
  instead('a name with a slash', 'networks:\n  front', 'networks:\n  §../front:\n  front', /networks/),
  { name: 'a list instead of a file of keys', text: '§- services\n', says: /expected object/ },
  { name: 'nothing', text: '§', says: /expected object/ },
];
