import express, { type Request, type Response } from 'express';
import { DrydockError } from '#contract';

/** Largest JSON body, in bytes. */
const MOST = 2 * 1024 * 1024;

// No inflating: nothing here is large enough to need it, and bombs are.
const parse = express.json({ limit: MOST, type: () => true, inflate: false });

/**
 * A request's JSON; {} when it has no body. Throws `unsupported-body` unless it is declared as
 * application/json, which no cross-site form can send.
 */
export async function readBody(request: Request, response: Response): Promise<unknown> {
  const { headers } = request;
  if (headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0') return {};
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  if (type.trim().toLowerCase() !== 'application/json') {
    throw new DrydockError('unsupported-body', `The body is declared as "${type.slice(0, 80)}".`);
  }
  await new Promise<void>((resolve, reject) => {
    parse(request, response, (error?: unknown) => (error === undefined ? resolve() : reject(translate(error))));
  });
  return request.body;
}

function translate(error: unknown): unknown {
  const status = error instanceof Error && 'status' in error ? error.status : 500;
  if (status === 413) return new DrydockError('too-large', `A body may have ${MOST} bytes.`, { cause: error });
  if (status === 415)
    return new DrydockError('unsupported-body', 'Its encoding or character set is not UTF-8 as is.', { cause: error });
  if (status === 400) return new DrydockError('bad-request', 'The body is not valid JSON.', { cause: error });
  return error;
}
