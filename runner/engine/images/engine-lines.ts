import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { refusal } from '../docker/errors.ts';

interface EngineMessage {
  readonly stream?: string;
  readonly status?: string;
  readonly id?: string;
  readonly error?: string;
  readonly errorDetail?: { readonly message?: string };
}

/**
 * Reads the JSON lines a long engine call answers with and tells each as plain text. The HTTP status came before
 * the work began, so failure is one of these lines: it is thrown as a refusal.
 */
export async function readEngineLines(answer: NodeJS.ReadableStream, told: (line: string) => void): Promise<void> {
  for await (const line of createInterface({ input: answer as Readable, crlfDelay: Number.POSITIVE_INFINITY })) {
    const message = parse(line);
    if (message === null) continue;
    if (message.error !== undefined) throw refusal(500, message.errorDetail?.message ?? message.error);
    const text = message.stream ?? [message.id, message.status].filter(Boolean).join(': ');
    for (const part of text.split(/[\r\n]+/)) if (part.trim() !== '') told(part.trimEnd());
  }
}

function parse(line: string): EngineMessage | null {
  try {
    return JSON.parse(line) as EngineMessage;
  } catch {
    return null;
  }
}
