import type { CourseImage, ServiceRole } from '#contract';

/** Role → the images it may run: a role's uid and limits are made for what runs in it. */
export const IMAGES_OF_ROLE: Readonly<Record<ServiceRole, readonly CourseImage[]>> = {
  service: ['drydock/node', 'drydock/proxy', 'drydock/syslog'],
  database: ['drydock/postgres'],
  broker: ['drydock/nats'],
  sidecar: ['drydock/proxy', 'drydock/node'],
  sensor: ['drydock/nids', 'drydock/sensor', 'drydock/node'],
  'container-lab': ['drydock/node'],
};

/** Whether it runs at the position of another service instead of one of its own. */
export const joinsPosition = (role: ServiceRole) => role === 'sidecar' || role === 'sensor';
