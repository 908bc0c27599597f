import { METRICS_TYPE } from '../../observe/metrics.ts';
import type { Call, Reply } from '../route.ts';

export async function metrics({ deps }: Call<'watcher'>): Promise<Reply<never>> {
  return { headers: { 'Content-Type': METRICS_TYPE }, text: await deps.metrics.text() };
}
