import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { after } from 'node:test';
import { pack } from 'tar-stream';
import { APP, LABEL } from '../../../../runner/core/labels/labels.ts';
import { type VolumeMount, volumeMount } from '../../../../runner/core/policy/host-config.ts';
import { DEFAULT_ADDRESS } from '../../../../runner/engine/connect.ts';
import { dockerImageEngine } from '../../../../runner/engine/images/docker-image-engine.ts';
import { type Course, course, ROOT } from '../../support/course.ts';

const SOURCES = ['facts', 'syscalls'] as const;
type Tool = (typeof SOURCES)[number];

export const tool = (name: Tool) => `/probe/${name}`;

/**
 * The course with one mount more, read-only, in every container that runs: static programs at /probe, so that they
 * run inside the real containers, those without a shell too.
 */
export async function courseWithTools(): Promise<Course & { readonly tools: VolumeMount }> {
  const volume = `test-tools-${randomBytes(6).toString('hex')}`;
  const tools = volumeMount(volume, '/probe', 'read-only');
  const rig = await course((engine) => ({
    ...engine,
    createContainer(spec) {
      if (spec.labels[LABEL.role] === 'filer') return engine.createContainer(spec);
      const Mounts = [...spec.hostConfig.Mounts, tools];
      return engine.createContainer({ ...spec, hostConfig: { ...spec.hostConfig, Mounts } });
    },
  }));
  // After the course has ended: until then containers mount it.
  after(() => rig.docker.removeVolume(volume));
  await fillVolume(rig, volume);
  return { ...rig, tools };
}

/** The engine copies what an image has at a mount point into an empty volume, unless told not to. */
async function fillVolume({ docker, deps, extras, client, owner }: Course, volume: string): Promise<void> {
  const image = await toolsImage(deps.image('debian'));
  await docker.createVolume({ name: volume, labels: { [LABEL.app]: APP } });
  const filled = await client.docker.createContainer({
    name: `${owner}-tools`,
    Image: image,
    Cmd: ['/none'],
    Labels: extras,
    HostConfig: { NetworkMode: 'none', Mounts: [{ Type: 'volume', Source: volume, Target: '/probe' }] },
  });
  await filled.remove();
}

/** Built with the compiler of the base image's own build, whose layer the engine has from then. */
async function toolsImage(debian: string): Promise<string> {
  const engine: Pick<ReturnType<typeof dockerImageEngine>, 'has' | 'build'> = dockerImageEngine(DEFAULT_ADDRESS);
  const dockerfile = await toolsDockerfile();
  const files = await Promise.all(
    SOURCES.map(
      async (name) => [`${name}.c`, await readFile(join(import.meta.dirname, 'tools', `${name}.c`))] as const,
    ),
  );
  const hash = createHash('sha256').update(JSON.stringify([debian, dockerfile, files.map(String)]));
  const tag = `drydock-test/tools:${hash.digest('hex').slice(0, 12)}`;
  if (await engine.has(tag)) return tag;
  const tar = pack();
  tar.entry({ name: 'Dockerfile' }, dockerfile);
  for (const [name, text] of files) tar.entry({ name, mtime: new Date(0) }, text);
  tar.finalize();
  const order = { tag, context: tar as unknown as Readable, args: { FROM_DEBIAN: debian }, labels: {} };
  await engine.build(order, () => {});
  return tag;
}

async function toolsDockerfile(): Promise<string> {
  const base = await readFile(join(ROOT, 'labs/images/base/Dockerfile'), 'utf8');
  const compiler = base.slice(0, base.indexOf('COPY'));
  return `${compiler}COPY *.c /src/
RUN mkdir /probe && cd /src \\
 && for tool in *.c; do gcc -O2 -Wall -Wextra -std=gnu11 -static -s -o "/probe/\${tool%.c}" "$tool"; done
FROM scratch
COPY --from=tools /probe /probe
`;
}
