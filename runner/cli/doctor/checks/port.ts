import { tryPort } from '../../machine/require-port.ts';
import { runningServer } from '../../serving/server-file.ts';
import { type Examine, fail, ok } from '../check.ts';

const PORT = 4700;

export const port: Examine = async ({ context }) => {
  const running = await runningServer(context.home);
  if (running) return [ok('port', `Drydock serves at ${running.url}`)];
  const code = await tryPort('127.0.0.1', PORT);
  if (code === null) return [ok('port', `${PORT} is free`)];
  return [fail('port', `${PORT} is taken (${code})`, 'Choose another with: npm start -- --port N')];
};
