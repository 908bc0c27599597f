import { join } from 'node:path';
import { test } from 'node:test';
import { dockerEngine } from '../../runner/engine/docker/docker-engine.ts';
import { imageTags } from '../../runner/engine/images/image-tags.ts';
import { engineSuite } from '../suites/engine-suite.ts';

const engine = dockerEngine();
const { base: image = '' } = await imageTags(join(import.meta.dirname, '../..'));
const missing = await whyNot();

if (missing) test('the Docker engine', { skip: missing }, () => undefined);
else engineSuite('the Docker engine', { engine, image });

async function whyNot(): Promise<string | null> {
  try {
    return (await engine.image(image)) ? null : `the image ${image} is not there; "./drydock images build" makes it`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
