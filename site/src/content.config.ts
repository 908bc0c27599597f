import { defineCollection } from 'astro:content';
import { docsLoader } from '@astrojs/starlight/loaders';
import { docsSchema } from '@astrojs/starlight/schema';
import { LabPage, loadLabs } from './labs/load-labs.ts';

export const collections = {
  docs: defineCollection({ loader: docsLoader(), schema: docsSchema() }),
  labs: defineCollection({ loader: loadLabs(new URL('../../scenarios/', import.meta.url)), schema: LabPage }),
};
