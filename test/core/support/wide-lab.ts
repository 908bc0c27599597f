import { Scenario } from '#contract';

/** A lab with a service of every role, of which the learner may leave out some and confine others. */
export const WIDE_SCENARIO = Scenario.parse({
  formatVersion: 1,
  title: 'A wide lab',
  practice: 'service-mesh',
  summary: 'For tests.',
  minutes: 10,
  public: 'front',
  outside: 2,
  services: {
    gateway: { ready: { kind: 'http', port: 8080, path: '/' }, reload: 'SIGHUP' },
    reports: { role: 'container-lab', hardening: true, ready: { kind: 'tcp', port: 8080 } },
    queue: { role: 'broker', ready: { kind: 'tcp', port: 4222 } },
    proxy: { role: 'sidecar', optional: true, hardening: true, ready: { kind: 'tcp', port: 8443 } },
    watcher: {
      role: 'sensor',
      optional: true,
      ready: { kind: 'log', text: 'watching' },
      command: ['/usr/bin/perl', '/app/watch.pl'],
    },
  },
  volumes: { 'queue-data': { mebibytes: 64, inodes: 500 } },
  secrets: { 'proxy-key': { kind: 'random' } },
  tasks: { shut: { kind: 'fix', title: 'Shut', goal: 'Keep others out.', points: 1 } },
});

export const WIDE_COMPOSE = `services:
  gateway:
    image: drydock/node
    command: [node, server.ts]
    networks: [front, back]
    volumes:
      - ./gateway:/app/src:ro
  reports:
    image: drydock/node
    networks: [back, store]
    read_only: true
    user: "10020:10020"
    cap_drop: [ALL]
    cap_add: [CHOWN]
    mem_limit: 96m
    pids_limit: 64
    cpus: 0.25
    tmpfs: [/tmp, /app/cache]
  queue:
    image: drydock/nats
    networks: [store]
    volumes:
      - queue-data:/var/lib/nats
  proxy:
    image: drydock/proxy
    network_mode: "service:gateway"
    secrets: [proxy-key]
    tmpfs: /run/proxy
    volumes:
      - ./proxy:/app/proxy:ro
  watcher:
    image: drydock/nids
    network_mode: "service:outside-2"
    volumes:
      - ./watcher:/app/rules:ro
networks:
  front:
  back:
  store:
secrets:
  proxy-key: { external: true }
volumes:
  queue-data:
`;

/** The wide lab without some of its services, as a learner may leave it. */
export function without(...services: readonly string[]): string {
  return services.reduce((text, name) => text.replace(new RegExp(`^  ${name}:\\n(    .*\\n)+`, 'm'), ''), WIDE_COMPOSE);
}
