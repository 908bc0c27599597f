import { type NetworkPlace, type Placement, volumeMount } from '../../../runner/core/policy/host-config.ts';
import { ROLES, type Role } from '../../../runner/core/policy/roles.ts';

export const ALL_ROLES = Object.keys(ROLES) as Role[];

const own: NetworkPlace = { kind: 'own', network: 'n1' };
const joined: NetworkPlace = { kind: 'joined', container: 'c1' };
const plain = { ipv6: true, appArmor: false };

const files = (access: 'read-only' | 'read-write') => [
  volumeMount('drydock-l1-gateway-1-files-0', '/app/src', access),
  volumeMount('drydock-l1-gateway-1-secrets', '/run/secrets', access),
];
const data = volumeMount('drydock-l1-data-db-data', '/var/lib/postgresql/data', 'read-write');

/** Role → every way a launch places it: what a lab's compose.yaml and the machine's probes can vary. */
export const PLACEMENTS: Readonly<Record<Role, Readonly<Record<string, Placement>>>> = {
  holder: {
    'without data': { ...plain, network: own, mounts: [] },
    'with data': { ...plain, network: own, mounts: [volumeMount('drydock-l1-data-db-data', '/mnt/0', 'read-only')] },
    'no IPv6 in the kernel': { ...plain, ipv6: false, network: own, mounts: [] },
    'with AppArmor': { ...plain, appArmor: true, network: own, mounts: [] },
  },
  workbench: {
    'with its home': {
      ...plain,
      network: joined,
      mounts: [volumeMount('drydock-l1-home', '/home/learner', 'read-write')],
    },
    'with AppArmor': { ...plain, appArmor: true, network: joined, mounts: [] },
  },
  service: {
    'files and secrets': { ...plain, network: joined, mounts: files('read-only') },
    'files, secrets and data': { ...plain, network: joined, mounts: [...files('read-only'), data] },
    'folders to write to': { ...plain, network: joined, mounts: [], scratch: ['/run/service', '/app/cache'] },
    'with AppArmor': { ...plain, appArmor: true, network: joined, mounts: files('read-only') },
  },
  database: {
    'files, secrets and data': { ...plain, network: joined, mounts: [...files('read-only'), data] },
    'with AppArmor': { ...plain, appArmor: true, network: joined, mounts: [] },
  },
  broker: {
    'files, secrets and data': { ...plain, network: joined, mounts: [...files('read-only'), data] },
  },
  sidecar: {
    'files and secrets': { ...plain, network: joined, mounts: files('read-only') },
    'folders to write to': { ...plain, network: joined, mounts: files('read-only'), scratch: ['/run/proxy'] },
  },
  sensor: {
    'at a position': { ...plain, network: joined, mounts: [] },
    'with rules': { ...plain, network: joined, mounts: files('read-only').slice(0, 1), scratch: ['/var/log/nids'] },
  },
  'container-lab': {
    'as shipped': { ...plain, network: joined, mounts: files('read-only') },
    confined: {
      ...plain,
      network: joined,
      mounts: files('read-only'),
      confinement: { capabilities: [], readOnlyRoot: true, memoryMiB: 96, cpus: 0.25, pids: 64 },
    },
    'asked for more than it may have': {
      ...plain,
      network: joined,
      mounts: [],
      confinement: { capabilities: ['CHOWN', 'NET_RAW', 'SYS_ADMIN'], memoryMiB: 4096, cpus: 8, pids: -1 },
    },
  },
  checker: {
    'at a position': { ...plain, network: joined, mounts: [] },
    'with AppArmor': { ...plain, appArmor: true, network: joined, mounts: [] },
  },
  filer: {
    'files and secrets': { ...plain, network: { kind: 'none' }, mounts: files('read-write') },
    'with AppArmor': { ...plain, appArmor: true, network: { kind: 'none' }, mounts: [] },
  },
  cleaner: {
    'a data volume': {
      ...plain,
      network: { kind: 'none' },
      mounts: [volumeMount('drydock-l1-data-db-data', '/mnt/0', 'read-write')],
    },
    'with AppArmor': { ...plain, appArmor: true, network: { kind: 'none' }, mounts: [] },
  },
};
