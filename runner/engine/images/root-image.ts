import { createHash } from 'node:crypto';

/** The image every other one starts from: Debian itself. */
export const ROOT_IMAGE = 'debian';
export const SUITE = 'trixie';
/** What it is called in a registry. */
export const ROOT_REFERENCE = { repository: 'debian', tag: `${SUITE}-slim` } as const;

/** Raise it to have every image built again on a newly fetched Debian. */
const REVISION = 1;

export const ROOT_TAG = `drydock/${ROOT_IMAGE}:${createHash('sha256').update(`${SUITE} ${REVISION}`).digest('hex').slice(0, 12)}`;
