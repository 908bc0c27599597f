import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { TerminalDown } from '#contract';

const PATIENCE_MS = 30_000;

export type Learner = Awaited<ReturnType<typeof signedIn>>;

/** A browser that signed in once and goes on asking with its cookie, whatever becomes of the server. */
export async function signedIn(origin: string, link: string) {
  const answer = await fetch(link, { redirect: 'manual' });
  const [cookie = ''] = (answer.headers.get('set-cookie') ?? '').split(';');
  const headers = { cookie, origin, 'content-type': 'application/json' };

  async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${origin}${path}`, { method, headers, ...init });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** Asks again until the answer is as it should be. */
  async function until<T>(path: string, holds: (answer: T) => boolean): Promise<T> {
    for (const end = performance.now() + PATIENCE_MS; ; await pause(100)) {
      const found = await ask<T>('GET', path);
      if (holds(found)) return found;
      if (performance.now() > end) throw new Error(`${path} stayed ${JSON.stringify(found)}`);
    }
  }

  /** The process id of the shell in the workbench's terminal of this name, as the shell itself says it. */
  async function shell(session: string, name: string): Promise<string> {
    for (const end = performance.now() + PATIENCE_MS; ; await pause(250)) {
      const pid = await askShell(session, name);
      if (pid) return pid;
      if (performance.now() > end) throw new Error('the terminal was never attached');
    }
  }

  async function askShell(session: string, name: string): Promise<string | null> {
    const address = `${origin.replace('http', 'ws')}/api/sessions/${session}/terminal?target=workbench&name=${name}`;
    const ws = new WebSocket(address, { headers });
    const marker = `shell${randomBytes(4).toString('hex')}`;
    const found = Promise.withResolvers<string | null>();
    let text = '';
    ws.on('error', () => found.resolve(null)).on('close', () => found.resolve(null));
    ws.on('message', (data: Buffer, binary) => {
      if (!binary) {
        const { type } = TerminalDown.parse(JSON.parse(data.toString()));
        return type === 'attached' ? ws.send(Buffer.from(`echo ${marker}=$$\r`)) : found.resolve(null);
      }
      text += data.toString('latin1');
      const pid = new RegExp(`${marker}=(\\d+)`).exec(text)?.[1];
      if (pid) found.resolve(pid);
    });
    const late = setTimeout(() => found.resolve(null), PATIENCE_MS);
    return found.promise.finally(() => {
      clearTimeout(late);
      ws.close();
    });
  }

  return { ask, until, shell };
}
