import http from 'node:http';
import type { DockerAddress } from '../../../runner/engine/connect.ts';

/** Asks the engine directly: a fresh machine is a privileged container, which the runner's own port refuses to make. */
export function engineApi(address: DockerAddress) {
  function send(method: string, path: string, body?: unknown): Promise<http.IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
    const text = body === undefined ? '' : JSON.stringify(body);
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    const request = http.request({ ...address, method, path: `/v1.41${path}`, headers, agent: false }, resolve);
    request.on('error', reject);
    request.end(text);
    return promise;
  }

  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await send(method, path, body);
    const text = (await answer.toArray()).join('');
    if ((answer.statusCode ?? 500) >= 400) throw new Error(`${method} ${path}: ${answer.statusCode} ${text.trim()}`);
    return (text === '' ? null : JSON.parse(text)) as T;
  }

  return { send, call };
}
