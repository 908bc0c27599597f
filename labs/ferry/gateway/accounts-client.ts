import type { Response } from 'express';

const ACCOUNTS = process.env.ACCOUNTS_URL ?? 'http://accounts:8080';

/** Hands one request on to accounts and its JSON answer back; 502 when accounts does not answer within 5 s. */
export async function askAccounts(
  method: 'GET' | 'POST',
  path: string,
  response: Response,
  body?: unknown,
): Promise<void> {
  try {
    const answer = await fetch(`${ACCOUNTS}${path}`, {
      method,
      signal: AbortSignal.timeout(5000),
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    response
      .status(answer.status)
      .type('json')
      .send(await answer.text());
  } catch (error) {
    console.error(`accounts does not answer: ${(error as Error).message}`);
    response.status(502).json({ error: 'accounts does not answer' });
  }
}
