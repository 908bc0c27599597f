import { z } from 'zod';
import type { Call, Reply } from '../route.ts';

/** What every description has; the rest of its shape is OpenAPI's. */
export const Description = z.looseObject({ openapi: z.string(), paths: z.record(z.string(), z.unknown()) });

export function describe({ deps }: Call<'public'>): Reply<object> {
  return { json: deps.openApi };
}
