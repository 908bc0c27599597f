import { readFileSync } from 'node:fs';
import express, { type NextFunction, type Request, type Response } from 'express';
import { askAccounts } from './accounts-client.ts';
import { trackingPage } from './tracking-page.ts';
import { type Claims, verify } from './verify.ts';

const PORT = 8080;

const app = express();
app.disable('x-powered-by');
app.use(express.json({ limit: '16kb' }));

app.get('/healthz', (_request, response) => void response.send('ok\n'));

app.get('/', (_request, response) => void response.type('html').send(trackingPage()));

app.post('/api/register', (request, response) => askAccounts('POST', '/register', response, request.body));
app.post('/api/sign-in', (request, response) => askAccounts('POST', '/sign-in', response, request.body));
app.get('/.well-known/jwks.json', (_request, response) => askAccounts('GET', '/.well-known/jwks.json', response));

app.get('/api/me', signedIn, (_request, response) => {
  const { sub, role } = claimsOf(response);
  response.json({ id: sub, role });
});

app.get('/api/admin', signedIn, (_request, response) => {
  if (claimsOf(response).role !== 'admin') return void response.status(403).json({ error: 'for administrators only' });
  response.json({ page: 'Ferry back office', depots: ['Aalborg', 'Bergen', 'Cuxhaven'], note: adminNote() });
});

app.use((_request, response) => void response.status(404).json({ error: 'not found' }));

app.use((error: Error & { status?: number }, _request: Request, response: Response, _next: NextFunction) => {
  const status = error.status && error.status >= 400 && error.status < 500 ? error.status : 500;
  if (status === 500) console.error(error);
  response.status(status).json({ error: status === 500 ? 'something went wrong' : 'request not understood' });
});

/** Lets a request through only with a valid token in `Authorization: Bearer …`. */
async function signedIn(request: Request, response: Response, next: NextFunction): Promise<void> {
  const [, token] = /^Bearer (\S+)$/i.exec(request.get('authorization') ?? '') ?? [];
  if (!token) return void response.status(401).json({ error: 'sign in first' });
  try {
    response.locals.claims = await verify(token);
  } catch (error) {
    console.error(`token refused: ${(error as Error).message}`);
    return void response.status(401).json({ error: 'this token is not valid' });
  }
  next();
}

function claimsOf(response: Response): Claims {
  return response.locals.claims;
}

function adminNote(): string {
  try {
    return readFileSync('/run/secrets/flag-forge-token', 'utf8').trim();
  } catch {
    return '';
  }
}

const server = app.listen(PORT, () => console.log(`gateway listens on ${PORT}`));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
