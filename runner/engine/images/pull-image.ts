import type { Client } from '../docker/client.ts';
import { readEngineLines } from './engine-lines.ts';

export interface PullOrder {
  readonly reference: { readonly repository: string; readonly tag: string };
  readonly as: string;
  readonly answerMs: number;
  readonly told: (line: string) => void;
}

/** A download that says nothing for this long has stopped. */
const STALL_MS = 60_000;

/**
 * Pulls an image and gives it our name. False, with the reason told, when no registry answers in time, refuses or
 * stops half-way: the caller has another way to come by it.
 */
export async function pullImage(
  { docker, call }: Client,
  { reference, as, answerMs, told }: PullOrder,
): Promise<boolean> {
  const name = `${reference.repository}:${reference.tag}`;
  const abort = new AbortController();
  let timer = setTimeout(() => abort.abort(), answerMs);
  const again = () => {
    clearTimeout(timer);
    timer = setTimeout(() => abort.abort(), STALL_MS);
  };
  try {
    const answer = await docker.pull(name, { abortSignal: abort.signal });
    again();
    await readEngineLines(answer, (line) => {
      again();
      told(line);
    });
  } catch (error) {
    told(
      `No image ${name} from a registry: ${abort.signal.aborted ? 'it does not answer' : (error as Error).message.trim()}`,
    );
    return false;
  } finally {
    clearTimeout(timer);
  }
  const [repo = '', tag = ''] = as.split(':');
  await call(`name the image ${as}`, { deadline: 15_000, idempotent: true }, () =>
    docker.getImage(name).tag({ repo, tag }),
  );
  return true;
}
