import express, { type NextFunction, type Request, type Response } from 'express';
import { issueToken } from './issue-token.ts';
import { createKeyRing } from './key-ring.ts';
import { serveRotation } from './serve-rotation.ts';
import { openUsers } from './users.ts';

const PORT = 8080;

const keys = await createKeyRing();
const users = openUsers();

const app = express();
app.disable('x-powered-by');
app.use(express.json({ limit: '16kb' }));

app.get('/healthz', async (_request, response) => {
  await users.ping();
  response.send('ok\n');
});

app.post('/register', async (request, response) => {
  const account = credentials(request);
  if (!account)
    return void response.status(400).json({ error: 'an e-mail address and a password of 8 to 200 characters' });
  const id = await users.add(account.email, account.password);
  if (!id) return void response.status(409).json({ error: 'this e-mail address is taken' });
  response.status(201).json({ id });
});

app.post('/sign-in', async (request, response) => {
  const account = credentials(request);
  const user = account && (await users.check(account.email, account.password));
  if (!user) return void response.status(401).json({ error: 'e-mail address or password is wrong' });
  response.json({ token: await issueToken(keys, user) });
});

app.get('/.well-known/jwks.json', async (_request, response) => {
  response.json(await keys.published());
});

app.use((_request, response) => void response.status(404).json({ error: 'not found' }));

app.use((error: Error & { status?: number }, _request: Request, response: Response, _next: NextFunction) => {
  const ours = error.status === undefined || error.status >= 500;
  if (ours) console.error(error.message);
  response.status(ours ? 503 : 400).json({ error: ours ? 'try again later' : 'request not understood' });
});

function credentials(request: Request): { email: string; password: string } | null {
  const { email, password } = (request.body ?? {}) as Record<string, unknown>;
  if (typeof email !== 'string' || !/^[^@\s]{1,64}@[^@\s]{1,190}$/.test(email)) return null;
  if (typeof password !== 'string' || password.length < 8 || password.length > 200) return null;
  return { email: email.toLowerCase(), password };
}

const rotation = serveRotation(keys);
const server = app.listen(PORT, () => console.log(`accounts listens on ${PORT}`));
process.on('SIGTERM', () => {
  rotation.close();
  server.close(() => process.exit(0));
});
