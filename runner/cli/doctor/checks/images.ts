import { missingImages } from '../../../engine/images/build-images.ts';
import { dockerImageEngine } from '../../../engine/images/docker-image-engine.ts';
import { findProgram } from '../../machine/read-machine.ts';
import { type Check, type Examine, fail, ok, warn } from '../check.ts';

const REGISTRY = 'https://registry-1.docker.io/v2/';
const ANSWER_MS = 3_000;

export const images: Examine = async (facts) => {
  const { context, engine } = facts;
  const missing =
    engine.kind === 'ready'
      ? await missingImages(context.root, dockerImageEngine(context.engine.address))
      : ['all of them'];
  if (missing.length === 0) return [ok('images', 'every image is there')];
  return [
    warn('images', `not built: ${missing.join(', ')}`, 'Nothing to do: npm start builds them.'),
    await source(facts),
  ];
};

/** Where Debian itself would come from. A registry answers 401 to a stranger: that is an answer. */
async function source({ context, machine }: Parameters<Examine>[0]): Promise<Check> {
  const registry = await fetch(REGISTRY, { signal: AbortSignal.timeout(ANSWER_MS) }).then(
    () => true,
    () => false,
  );
  if (registry) return ok('base image', 'an image registry answers');
  if (await findProgram('mmdebstrap', context.environment))
    return ok('base image', "no registry answers; mmdebstrap puts it together from Debian's packages");
  if (machine.root && machine.debian)
    return ok('base image', 'no registry answers; npm start installs mmdebstrap and puts it together from packages');
  return fail(
    'base image',
    'no image registry answers, and there is no mmdebstrap',
    'As root on Debian or Ubuntu: apt-get install -y --no-install-recommends mmdebstrap debian-archive-keyring. Elsewhere: ./drydock images import FILE',
  );
}
