import type { OutgoingHttpHeaders } from 'node:http';
import { WebSocket } from 'ws';
import { TerminalDown } from '#contract';
import type { TestServer } from './start-server.ts';

export interface TerminalClient {
  readonly ws: WebSocket;
  /** Output bytes so far. */
  readonly output: Buffer[];
  readonly messages: TerminalDown[];
  bytes(): number;
  type(text: string): void;
  say(message: unknown): void;
  /** Resolves with close code and reason. */
  readonly closed: Promise<{ code: number; reason: string }>;
}

export type Handshake =
  | { readonly status: 101; readonly client: TerminalClient }
  | { readonly status: number; readonly client: null };

/** A WebSocket handshake with any headers; refused ones give their HTTP status. */
export function openTerminal(
  server: Pick<TestServer, 'port'>,
  session: string,
  headers: OutgoingHttpHeaders,
  query = 'target=workbench',
): Promise<Handshake> {
  const url = `ws://127.0.0.1:${server.port}/api/sessions/${session}/terminal?${query}`;
  const ws = new WebSocket(url, { headers, perMessageDeflate: false });
  const output: Buffer[] = [];
  const messages: TerminalDown[] = [];
  ws.on('message', (data: Buffer, binary) => {
    if (binary) output.push(data);
    else messages.push(TerminalDown.parse(JSON.parse(data.toString())));
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    ws.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  const client: TerminalClient = {
    ws,
    output,
    messages,
    closed,
    bytes: () => output.reduce((sum, part) => sum + part.length, 0),
    type: (text) => ws.send(Buffer.from(text, 'latin1')),
    say: (message) => ws.send(JSON.stringify(message)),
  };
  return new Promise((resolve, reject) => {
    ws.on('open', () => resolve({ status: 101, client }));
    ws.on('unexpected-response', (request, response) => {
      request.destroy();
      resolve({ status: response.statusCode ?? 0, client: null });
    });
    // After a refusal the client library reports its own cut as an error too; the first settlement stands.
    ws.on('error', reject);
  });
}

/** Opens a terminal as the page would and fails if it is refused. */
export async function mustOpen(
  server: TestServer,
  session: string,
  cookie: string,
  query?: string,
): Promise<TerminalClient> {
  const { client, status } = await openTerminal(server, session, { origin: server.origin, cookie }, query);
  if (!client) throw new Error(`the handshake was answered with ${status}`);
  return client;
}

/** Polls until it holds; fails after 3 s. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`waited 3 s in vain until ${what}`);
}
