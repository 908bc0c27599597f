import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DrydockError, Scenario, toPublic } from '#contract';
import { planLaunch } from '../core/plan/plan-launch.ts';
import { parseYaml } from '../core/source/parse-yaml.ts';
import type { Files, Lab } from './lab.ts';
import { readFiles } from './read-files.ts';

const Messages = z.record(z.string().regex(/^[a-z0-9-]+$/), z.string().min(1).max(600));

/**
 * Reads and checks one lab folder below `root`/scenarios. Throws DrydockError `no-such-lab`, or `invalid-file`
 * with file, line and column. The deployment as shipped must itself pass the allowlist.
 */
export async function loadLab(root: string, id: string): Promise<Lab> {
  const folder = join(root, 'scenarios', id);
  const scenarioText = await readFile(join(folder, 'scenario.yaml'), 'utf8').catch((cause) => {
    throw new DrydockError(
      'no-such-lab',
      `There is no lab "${id}": ${join('scenarios', id, 'scenario.yaml')} cannot be read.`,
      { cause },
    );
  });
  const scenario = parseYaml(scenarioText, `scenarios/${id}/scenario.yaml`, Scenario).value;
  const workspace = await readWorkspace(root, folder, scenario);
  planLaunch(scenario, workspace.get('compose.yaml')?.toString('utf8') ?? '');
  const probes = await readFiles(join(folder, 'probes'));
  return {
    id,
    scenario,
    public: toPublic(id, scenario, await readTexts(folder)),
    workspace,
    taskFiles: await readTaskFiles(folder, scenario),
    probes: Object.fromEntries([...probes].map(([path, bytes]) => [path, bytes.toString('utf8')])),
    probesFolder: join(folder, 'probes'),
    messages: await readMessages(folder, id),
  };
}

/** compose.yaml, each service's files from labs/ferry, and the lab's overlay over both. */
async function readWorkspace(root: string, folder: string, scenario: Scenario): Promise<Files> {
  const files = new Map<string, Buffer>();
  for (const [service, spec] of Object.entries(scenario.services)) {
    if (!spec.from) continue;
    for (const [path, bytes] of await readFiles(join(root, 'labs', 'ferry', spec.from)))
      files.set(`${service}/${path}`, bytes);
  }
  files.set('compose.yaml', await readFile(join(folder, 'compose.yaml')));
  for (const [path, bytes] of await readFiles(join(folder, 'workspace'))) files.set(path, bytes);
  return files;
}

async function readTaskFiles(folder: string, scenario: Scenario): Promise<Lab['taskFiles']> {
  const tasks = Object.keys(scenario.tasks).map(async (task) => {
    const solution = await readFiles(join(folder, 'solution', task));
    return [task, [...solution.keys()]] as const;
  });
  return Object.fromEntries(await Promise.all(tasks));
}

async function readTexts(folder: string): Promise<Record<string, string>> {
  const texts = [...(await readFiles(join(folder, 'tasks')))].filter(([path]) => path.endsWith('.en.md'));
  return Object.fromEntries(texts.map(([path, bytes]) => [path.slice(0, -'.en.md'.length), bytes.toString('utf8')]));
}

async function readMessages(folder: string, id: string): Promise<Record<string, string>> {
  const text = await readFile(join(folder, 'messages.en.yaml'), 'utf8');
  return parseYaml(text, `scenarios/${id}/messages.en.yaml`, Messages).value;
}
