import { type ClientRequest, request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Duplex } from 'node:stream';
import type { DockerAddress } from '../connect.ts';
import { noAnswer, refusal } from './errors.ts';

export interface Hijacked {
  readonly socket: Duplex;
  /** Bytes that came in one packet with the answer's header. */
  readonly head: Buffer;
}

const LONGEST_REFUSAL = 64 * 1024;

/**
 * Turns an HTTP request into a byte stream both ways, as the Engine API describes it for attach and exec
 * (https://docs.docker.com/reference/api/engine/#tag/Container/operation/ContainerAttach). Our own request, because
 * the request must be complete before the upgrade: anything of it still to come would be read as the process's input.
 */
export async function hijack(
  address: DockerAddress,
  path: string,
  body: string,
  signal: AbortSignal,
): Promise<Hijacked> {
  const request = send(address, {
    method: 'POST',
    path,
    agent: false,
    signal,
    headers: {
      Connection: 'Upgrade',
      Upgrade: 'tcp',
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
    },
  });
  return new Promise((resolve, reject) => {
    request.on('error', reject);
    request.on('upgrade', (_response, socket, head) => resolve({ socket, head }));
    request.on('response', (response) => {
      const status = response.statusCode ?? 0;
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text = (text + part).slice(0, LONGEST_REFUSAL);
      });
      response.on('error', reject);
      response.on('end', () => reject(status >= 400 ? refusal(status, messageOf(text)) : noAnswer('gave no stream')));
    });
    request.end(body);
  });
}

function send(address: DockerAddress, options: RequestOptions): ClientRequest {
  const headers = { Host: 'docker', ...options.headers };
  if ('socketPath' in address) return httpRequest({ ...options, headers, socketPath: address.socketPath });
  const { host, port, tls } = address;
  return tls ? httpsRequest({ ...options, host, port, ...tls }) : httpRequest({ ...options, host, port });
}

function messageOf(text: string): string {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'object' && json !== null && 'message' in json) return String(json.message);
  } catch {}
  return text.trim();
}
