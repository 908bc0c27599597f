import { compactVerify } from 'jose';
import { keyOf } from './key-source.ts';

// Keys are fetched by the clock, never because of a request.

export interface Claims {
  sub: string;
  role: string;
}

export async function verify(token: string): Promise<Claims> {
  const { payload } = await compactVerify(token, ({ kid }) => keyOf(kid ?? ''), { algorithms: ['RS256'] });
  const { sub, role } = JSON.parse(new TextDecoder().decode(payload));
  return { sub, role };
}
