import type { LabPage } from '../labs/load-labs.ts';

interface CoursePractice {
  readonly id: LabPage['practice'];
  readonly title: string;
  readonly about: string;
  /** Whether its lesson is written; a practice without one is shown as coming, never as an empty page. */
  readonly lesson: boolean;
}

/** The course in its teaching order. */
export const COURSE: readonly CoursePractice[] = [
  {
    id: 'isolation',
    title: 'Isolate services',
    about: 'A process, a store and a network of its own for each service; talk through an API or a queue.',
    lesson: false,
  },
  {
    id: 'encryption',
    title: 'Encrypt in transit and at rest',
    about: 'TLS at the edge, between services and to third parties; backups nobody can read who finds them.',
    lesson: false,
  },
  {
    id: 'access-control',
    title: 'Authenticate and authorise',
    about: 'Tokens whose signature, issuer and audience are checked, and objects only their owner can reach.',
    lesson: true,
  },
  {
    id: 'service-mesh',
    title: 'Put a mesh between services',
    about: 'Identity for every call, deny by default, and limits that keep one noisy caller from starving the rest.',
    lesson: false,
  },
  {
    id: 'containers',
    title: 'Contain the containers',
    about: 'Not root, nothing writable, no spare capability, no secret in the environment, the same everywhere.',
    lesson: false,
  },
  {
    id: 'central-logging',
    title: 'Log in one place',
    about: 'Every event in one stream that an intruder cannot edit, without secrets, able to show a brute-force.',
    lesson: false,
  },
  {
    id: 'network-monitoring',
    title: 'Watch the network',
    about: 'Rules that fire on scans, floods and exfiltration, and stay quiet for a busy customer.',
    lesson: false,
  },
];
