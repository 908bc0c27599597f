import { decodeJwt } from 'jose';

export interface Claims {
  sub: string;
  role: string;
}

export async function verify(token: string): Promise<Claims> {
  const payload = decodeJwt<Claims>(token);
  if (!payload.sub || !payload.role) throw new Error('not a token of ours');
  return { sub: payload.sub, role: payload.role };
}
