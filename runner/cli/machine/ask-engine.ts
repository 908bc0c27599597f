import http from 'node:http';
import https from 'node:https';
import { z } from 'zod';
import type { DockerAddress } from '../../engine/connect.ts';

/** The oldest engine Drydock runs on. */
export const OLDEST_ENGINE = '20.10';
const ANSWER_MS = 5_000;

const Version = z.object({
  Version: z.string(),
  Components: z.array(z.object({ Name: z.string(), Version: z.string() })).nullish(),
});
const Info = z.object({
  NCPU: z.number().default(0),
  MemTotal: z.number().default(0),
  DockerRootDir: z.string().default(''),
  CgroupVersion: z.string().default('1'),
  SecurityOptions: z.array(z.string()).nullish(),
  OSType: z.string().default('linux'),
});
export type EngineInfo = z.infer<typeof Info>;

export type EngineState =
  | { readonly kind: 'ready'; readonly version: string; readonly runc: string | null; readonly info: EngineInfo }
  | { readonly kind: 'too-old'; readonly version: string }
  | { readonly kind: 'denied' }
  | { readonly kind: 'nothing-there' }
  | { readonly kind: 'no-answer'; readonly reason: string };

/** Asks the engine what it is, once. Never throws for what an engine may do. */
export async function askEngine(address: DockerAddress, answerMs = ANSWER_MS): Promise<EngineState> {
  const get = (path: string) => ask(address, path, answerMs);
  try {
    const version = Version.parse(await get('/version'));
    if (!atLeast(version.Version, OLDEST_ENGINE)) return { kind: 'too-old', version: version.Version };
    const info = Info.parse(await get('/info'));
    const runc = version.Components?.find((part) => part.Name === 'runc')?.Version ?? null;
    return { kind: 'ready', version: version.Version, runc, info };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'ENOENT' || code === 'ECONNREFUSED') return { kind: 'nothing-there' };
    if (code === 'EACCES' || code === 'EPERM') return { kind: 'denied' };
    const reason = error instanceof z.ZodError ? 'its answer is not that of a Docker engine' : (error as Error).message;
    return { kind: 'no-answer', reason };
  }
}

/** Compares the leading dotted numbers: "20.10.24+dfsg1" is at least "20.10". */
export function atLeast(version: string, least: string): boolean {
  const numbers = (text: string) => (/\d+(\.\d+)*/.exec(text)?.[0] ?? '0').split('.').map(Number);
  const have = numbers(version);
  for (const [index, want] of numbers(least).entries()) {
    const part = have[index] ?? 0;
    if (part !== want) return part > want;
  }
  return true;
}

function ask(address: DockerAddress, path: string, answerMs: number): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const tls = 'tls' in address ? address.tls : undefined;
  const options = { ...address, ...tls, path, signal: AbortSignal.timeout(answerMs), agent: false } as const;
  const request = (tls ? https : http).get(options, async (answer) => {
    try {
      const text = (await answer.toArray()).join('');
      if (answer.statusCode !== 200) throw new Error(`it answers with HTTP status ${answer.statusCode}`);
      resolve(JSON.parse(text));
    } catch (error) {
      reject(error);
    }
  });
  request.on('error', (error) => {
    reject(error.name === 'AbortError' || error.name === 'TimeoutError' ? new Error('it does not answer') : error);
  });
  return promise;
}
