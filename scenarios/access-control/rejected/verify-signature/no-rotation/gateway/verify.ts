import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';

export interface Claims {
  sub: string;
  role: string;
}

const answer = fetch('http://accounts:8080/.well-known/jwks.json').then((response) => response.json());
answer.catch(() => undefined);

export async function verify(token: string): Promise<Claims> {
  const keys = createLocalJWKSet((await answer) as JSONWebKeySet);
  const { payload } = await jwtVerify<Claims>(token, keys, { algorithms: ['RS256'] });
  return { sub: payload.sub, role: payload.role };
}
