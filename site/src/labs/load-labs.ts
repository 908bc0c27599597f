import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import type { Loader } from 'astro/loaders';
import { parse } from 'yaml';
import { z } from 'zod';
import { PublicLab, Scenario, toPublic } from '#contract';

/** A lab as its page shows it: the public projection, with every text already rendered. */
export const LabPage = PublicLab.extend({ html: z.record(z.string(), z.string()) });
export type LabPage = z.infer<typeof LabPage>;

/** Every lab folder of `folder`, through the public projection: nothing else of a lab enters the site. */
export function loadLabs(folder: URL): Loader {
  return {
    name: 'drydock-labs',
    async load({ store, renderMarkdown, watcher, ...context }) {
      store.clear();
      for (const id of await labIds(folder)) {
        const lab = new URL(`${id}/`, folder);
        const { shown, html } = await readLab(
          id,
          lab,
          async (text, fileURL) => (await renderMarkdown(text, { fileURL })).html,
        );
        const data = await context.parseData({ id, data: { ...shown, html } });
        store.set({ id, data });
        watcher?.add(lab.pathname);
      }
    },
  };
}

async function labIds(folder: URL): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && existsSync(new URL(`${entry.name}/scenario.yaml`, folder)))
    .map((entry) => entry.name)
    .sort();
}

async function readLab(id: string, lab: URL, render: (text: string, file: URL) => Promise<string>) {
  const scenario = Scenario.parse(parse(await readFile(new URL('scenario.yaml', lab), 'utf8')));
  const texts: Record<string, string> = {};
  const html: Record<string, string> = {};
  for (const task of Object.keys(scenario.tasks)) {
    const file = new URL(`tasks/${task}.en.md`, lab);
    texts[task] = await readFile(file, 'utf8');
    html[task] = belowTitle(await render(texts[task], file));
  }
  return { shown: toPublic(id, scenario, texts), html };
}

/** Headings of a task's text go below the task's own title, and without ids: several tasks share a page. */
function belowTitle(html: string): string {
  return html
    .replace(/<h([1-4])( [^>]*)?>/g, (_, level: string) => `<h${Number(level) + 2}>`)
    .replace(/<\/h([1-4])>/g, (_, level: string) => `</h${Number(level) + 2}>`);
}
