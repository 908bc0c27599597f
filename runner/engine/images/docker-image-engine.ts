import { pipeline } from 'node:stream/promises';
import { APP, LABEL } from '../../core/labels/labels.ts';
import type { DockerAddress } from '../connect.ts';
import { type Client, client as connect } from '../docker/client.ts';
import { image } from '../docker/inventory.ts';
import { readEngineLines } from './engine-lines.ts';
import type { ImageEngine } from './image-engine.ts';
import { listImages, removeImages } from './list-images.ts';
import { pullImage } from './pull-image.ts';

const OURS = /^drydock\//;
/** Building can take minutes between two answers; the caller stops it by ending the process. */
const unhurried = { deadline: Number.POSITIVE_INFINITY } as const;

/** Images over the Docker Engine API, 1.41 (Engine 20.10) or newer, by the classic builder every engine has. */
export function dockerImageEngine(address: DockerAddress): ImageEngine {
  const client = connect(address);
  const { docker, call } = client;
  return {
    has: async (tag) => (await image(client, tag)) !== null,
    pull: (reference, as, answerMs, told) => pullImage(client, { reference, as, answerMs, told }),
    import: (tar, tag) =>
      call(`import ${tag}`, unhurried, async () => {
        const [repo = '', version = ''] = tag.split(':');
        const changes = ['CMD ["/bin/bash"]', `LABEL ${LABEL.app}=${APP}`];
        const options = { repo, tag: version, changes };
        await readEngineLines(await docker.importImage(tar, options), () => {});
      }),
    build: (order, told) =>
      call(`build ${order.tag}`, unhurried, async () => {
        const options = {
          t: order.tag,
          buildargs: { ...order.args },
          labels: { ...order.labels },
          rm: true,
          forcerm: true,
        };
        await readEngineLines(await docker.buildImage(order.context, options), told);
      }),
    save: (tags, to) =>
      call('save images', unhurried, async (abortSignal) => {
        await pipeline(await openDownload(client, tags, abortSignal), to);
      }),
    load: (from, told) =>
      call('load images', unhurried, async () => readEngineLines(await docker.loadImage(from, { quiet: false }), told)),
    list: () => listImages(client, OURS),
    removeAll: () => removeImages(client, OURS),
  };
}

/** dockerode saves one image at a time; several in one archive share their layers. */
function openDownload({ docker }: Client, names: readonly string[], abortSignal: AbortSignal) {
  return new Promise<NodeJS.ReadableStream>((resolve, reject) => {
    const call = { path: '/images/get?', method: 'GET', options: { names }, isStream: true, abortSignal };
    docker.modem.dial(
      { ...call, statusCodes: { 200: true, 404: 'no such image' } },
      (error: unknown, answer: unknown) => {
        if (error) reject(error);
        else resolve(answer as NodeJS.ReadableStream);
      },
    );
  });
}
