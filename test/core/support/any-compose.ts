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
