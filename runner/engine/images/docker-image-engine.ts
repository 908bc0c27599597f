import { pipeline } from 'node:stream/promises';
import { APP, LABEL } from '../../core/labels/labels.ts';
import type { DockerAddress } from '../connect.ts';
import { client as connect } from '../docker/client.ts';
import { image } from '../docker/inventory.ts';
import { readEngineLines } from './engine-lines.ts';
import type { ImageEngine } from './image-engine.ts';
import { listImages, removeAllImages } from './list-images.ts';
import { pullImage } from './pull-image.ts';

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
        const options = { t: order.tag, buildargs: { ...order.args }, labels: { ...order.labels }, rm: true, forcerm: true };
        await readEngineLines(await docker.buildImage(order.context, options), told);
      }),
    save: (tags, to) =>
      call('save images', unhurried, async (abortSignal) => {
        const path = `/images/get?${tags.map((tag) => `names=${encodeURIComponent(tag)}`).join('&')}`;
        await pipeline(await openDownload(client, path, abortSignal), to);
      }),
    load: (from, told) =>
      call('load images', unhurried, async () => readEngineLines(await docker.loadImage(from, { quiet: false }), told)),
    list: () => listImages(client),
    removeAll: () => removeAllImages(client),
  };
}

/** dockerode saves one image at a time; several in one archive share their layers. */
function openDownload({ docker }: ReturnType<typeof connect>, path: string, abortSignal: AbortSignal) {
  return new Promise<NodeJS.ReadableStream>((resolve, reject) => {
    const options = { path, method: 'GET', isStream: true, abortSignal, statusCodes: { 200: true, 404: 'no such image' } };
    docker.modem.dial(options, (error: unknown, answer: unknown) => {
      if (error) reject(error);
      else resolve(answer as NodeJS.ReadableStream);
    });
  });
}
