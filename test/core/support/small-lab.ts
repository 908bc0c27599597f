import { Scenario } from '#contract';

/** A lab of two services, as small as one can be that still has a database, a secret of each kind and a back network. */
export const SCENARIO = Scenario.parse({
  formatVersion: 1,
  title: 'A small lab',
  practice: 'isolation',
  summary: 'For tests.',
  minutes: 10,
  public: 'front',
  outside: 2,
  services: {
    gateway: { ready: { kind: 'http', port: 8080, path: '/healthz' } },
    db: { role: 'database', ready: { kind: 'postgres' } },
  },
  secrets: {
    'flag-enter': { kind: 'flag', task: 'enter' },
    'db-password': { kind: 'random' },
    'weak-word': { kind: 'word', words: ['anchor', 'harbour', 'lighthouse'] },
  },
  tasks: {
    enter: { kind: 'break', title: 'Enter', goal: 'Get in.', points: 1 },
    shut: { kind: 'fix', title: 'Shut', goal: 'Keep others out.', points: 1 },
  },
});

export const COMPOSE = `name: small
services:
  gateway:
    image: drydock/node
    command: [node, server.ts]
    environment:
      PORT: 8080
    networks: [front, back]
    secrets: [flag-enter]
    volumes:
      - ./gateway:/app/src:ro
  db:
    image: drydock/postgres
    networks: [back]
    secrets: [db-password]
    volumes:
      - ./db:/app/sql:ro
      - db-data:/var/lib/postgresql/data
networks:
  front:
  back:
secrets:
  flag-enter: { external: true }
  db-password: { external: true }
volumes:
  db-data:
`;
