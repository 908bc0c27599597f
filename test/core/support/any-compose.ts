import fc from 'fast-check';

const often = <T>(usual: T, ...others: readonly T[]) =>
  fc.oneof({ weight: 30, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(usual, ...others) });

const names = fc.constantFrom('front', 'back', 'host', 'constructor', 'none');
const target = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom('/app/a', '/app/b/c', '/srv/a', '/var/lib/x') },
  fc.constantFrom('/app/../etc', '/app/', '/app//x', '/etc', '/', '/run/secrets', '/app/a b', '/app/a,exec'),
  fc.string({ maxLength: 12 }).map((text) => `/app/${text}`),
);
const mount = fc.oneof(
  { weight: 20, arbitrary: target.map((path) => `./gateway:${path}:ro`) },
  { weight: 6, arbitrary: target.map((path) => `db-data:${path}`) },
  fc
    .tuple(fc.constantFrom('/', '../x', './..', '~', '/var/run/docker.sock', 'toString'), target)
    .map((two) => two.join(':')),
  fc.string({ maxLength: 30 }),
);

/** Fields of a service that Compose would obey and a launch must not. */
const hostile = fc.constantFrom<Record<string, unknown>>(
  { privileged: true },
  { network_mode: 'host' },
  { pid: 'host' },
  { cap_add: ['SYS_ADMIN'] },
  { devices: ['/dev/kmsg'] },
  { security_opt: ['seccomp=unconfined'] },
  { user: '0' },
  { ports: ['80:80'] },
  { tmpfs: ['/app'] },
  { volumes: [{ type: 'bind', source: '/', target: '/app/x' }] },
);

const service = (image: string) =>
  fc
    .record({
      base: fc.record(
        {
          image: often(image, 'drydock/node', 'drydock/checker', 'alpine'),
          command: often<unknown>(['node', 'x.ts'], 'sh -c id', [], ['/bin/sh', '-c', 'id']),
          environment: fc.oneof(
            { weight: 8, arbitrary: fc.constant({ PORT: 1 }) },
            fc.dictionary(fc.constantFrom('PATH', 'LD_PRELOAD', 'NODE_OPTIONS', 'a'), fc.string(), { maxKeys: 2 }),
          ),
          networks: fc.oneof(
            { weight: 20, arbitrary: fc.constant(['front', 'back']) },
            fc.array(names, { maxLength: 3 }),
          ),
          secrets: often<unknown>(['flag-enter'], ['weak-word'], ['constructor'], 'flag-enter'),
          volumes: fc.array(mount, { maxLength: 3 }),
        },
        { requiredKeys: ['image', 'networks'] },
      ),
      extra: fc.oneof({ weight: 15, arbitrary: fc.constant({}) }, hostile),
    })
    .map(({ base, extra }) => ({ ...base, ...extra }));

const options = often<unknown>(
  null,
  {},
  { driver: 'host' },
  { external: true },
  { driver_opts: { o: 'bind', device: '/' } },
);

/** compose.yaml files of the small lab, some right, some wrong in one place or several; JSON, which is YAML too. */
export const compose = fc
  .record({
    services: fc.record({ gateway: service('drydock/node'), db: service('drydock/postgres') }),
    networks: fc.record({ front: options, back: options }),
    secrets: often<unknown>(
      { 'flag-enter': { external: true } },
      { 'flag-enter': { file: '/etc/shadow' } },
      { other: { external: true } },
    ),
    volumes: fc.record({ 'db-data': options }),
  })
  .map((value) => JSON.stringify(value));

const mode = often('service:gateway', 'service:reports', 'service:outside-1', 'service:proxy', 'host', 'container:x');
const scratch = often<unknown>(
  ['/app/cache'],
  '/run/x',
  ['/tmp', '/var/log/x'],
  ['/usr/bin'],
  ['/run/secrets'],
  ['/app/a/../../etc'],
  ['/app/x:size=64g'],
);

/** Words that confine a service, and some that would do the opposite. */
const words = fc.record(
  {
    read_only: often<unknown>(true, false, 'no'),
    user: often<unknown>('10020', 0, '0:0', '1000', 'root', '10002:10002', '65534'),
    cap_drop: often<unknown>(['ALL'], ['SETUID'], ['CAP_CHOWN'], []),
    cap_add: often<unknown>(['CHOWN'], ['SYS_ADMIN'], ['NET_RAW'], ['ALL'], ['CAP_SETUID']),
    security_opt: often<unknown>(['no-new-privileges:true'], ['seccomp=unconfined'], ['no-new-privileges:false']),
    mem_limit: fc.oneof(fc.constantFrom<unknown>('64m', '64g', -1, '0', 2 ** 26), fc.integer({ min: 1, max: 2 ** 29 })),
    cpus: fc.oneof(fc.constantFrom<unknown>(0.25, '0.5', 64, -1, 0), fc.double({ min: 0.01, max: 0.5, noNaN: true })),
    pids_limit: fc.oneof(fc.constantFrom<unknown>(32, -1, 0), fc.integer({ min: 1, max: 200 })),
    tmpfs: scratch,
  },
  { requiredKeys: [] },
);

const joining = (image: string, more: fc.Arbitrary<Record<string, unknown>>) =>
  fc
    .record({ base: fc.record({ image: often(image, 'drydock/node'), network_mode: mode, tmpfs: scratch }), more })
    .map(({ base, more }) => ({ ...base, ...more }));
const own = (image: string, more: fc.Arbitrary<Record<string, unknown>>) =>
  fc
    .record({ base: fc.record({ image: often(image, 'drydock/proxy'), networks: often(['front'], ['back']) }), more })
    .map(({ base, more }) => ({ ...base, ...more }));
const nothing = fc.constant({});

/** The same for the wide lab: what joins others, what may be left out, what may be confined. */
export const wideCompose = fc
  .record({
    services: fc.record(
      {
        gateway: own('drydock/node', often<Record<string, unknown>>({}, { user: '0' }, { network_mode: 'host' })),
        reports: own('drydock/node', words),
        queue: own('drydock/nats', nothing),
        proxy: joining('drydock/proxy', often<Record<string, unknown>>({}, { read_only: true }, { user: '0:0' })),
        watcher: joining('drydock/nids', often<Record<string, unknown>>({}, { command: ['sh'] }, { privileged: true })),
      },
      { requiredKeys: ['gateway', 'reports', 'queue'] },
    ),
    networks: fc.constant({ front: null, back: null }),
  })
  .map((value) => JSON.stringify(value));
