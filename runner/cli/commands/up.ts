import { join } from 'node:path';
import closeWithGrace from 'close-with-grace';
import { Command } from 'commander';
import { DrydockError } from '#contract';
import type { CliContext } from '../context.ts';
import { describeError } from '../describe-error.ts';
import { requirePort } from '../machine/require-port.ts';
import { parsePort, parsePublicUrl } from '../parse-options.ts';
import { openBrowser } from '../serving/open-browser.ts';
import { forgetServer, recordServer, runningServer } from '../serving/server-file.ts';

/** How long work under way may take to end, and be saved, before the process ends without it. */
const STOP_WITHIN_MS = 30_000;

interface UpOptions {
  readonly port: number;
  readonly host: string;
  readonly open: boolean;
  readonly publicUrl?: string;
}

export function upCommand(context: CliContext): Command {
  return new Command('up')
    .description('sets up what is missing, then serves the course; prints the address to open')
    .option('--port <number>', 'port to listen on', parsePort, 4700)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--public-url <url>', 'address people use, where something else stands in front', parsePublicUrl)
    .option('--no-open', 'do not open a browser')
    .action((options: UpOptions) => up(context, options));
}

async function up(context: CliContext, { port, host, open, publicUrl }: UpOptions): Promise<void> {
  await refuseSecond(context);
  await requirePort(host, port);
  const { setUp } = await import('../setup/set-up.ts');
  await setUp(context);
  const { serve } = await import('../../main.ts');
  const { home, engine } = context;
  const logFile = join(home, 'drydock.log');
  const server = await serve({
    host,
    port,
    home,
    logFile,
    address: engine.address,
    ...(publicUrl ? { publicUrl } : {}),
  });
  await recordServer(context.home, server.url);
  const link = server.signInUrl();
  context.out(`Drydock serves at ${server.url}\nSign in here (the link works once): ${link}`);
  if (process.stdin.isTTY) {
    context.say('Press Enter for another sign-in link, Ctrl-C to stop.');
    process.stdin.on('data', () => context.out(`Sign in here (the link works once): ${server.signInUrl()}`));
  }
  if (open) openBrowser(link, context.environment, process.platform);
  // Ends the process itself: with 0 after a signal, with 1 after an error nobody caught or a second signal.
  closeWithGrace({ delay: STOP_WITHIN_MS, logger: false }, async ({ err }) => {
    context.say(err ? `${describeError(err).text}\nStopping …` : 'Stopping …');
    await server.close();
    await forgetServer(context.home);
    context.say('Open labs go on running and are taken up by the next start. To end them: ./drydock down');
  });
}

async function refuseSecond(context: CliContext): Promise<void> {
  const running = await runningServer(context.home);
  if (!running) return;
  throw new DrydockError('environment', `Drydock already serves at ${running.url} (process ${running.pid}).`, {
    hint: 'Press Enter in its terminal for a sign-in link, or stop it with: ./drydock down',
  });
}
