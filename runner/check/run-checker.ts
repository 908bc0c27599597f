import { z } from 'zod';
import { DrydockError, ProbeResult } from '#contract';
import { engineName, roleLabels } from '../core/labels/labels.ts';
import { hostConfig } from '../core/policy/host-config.ts';
import { ROLES } from '../core/policy/roles.ts';
import type { CheckTarget } from '../core/ports/check.ts';
import type { Channel, Engine } from '../core/ports/engine.ts';
import type { CheckerInput, CheckerOutput } from './protocol.ts';

export interface CheckerDeps {
  readonly engine: Engine;
  readonly image: (name: string) => string;
  readonly sandbox: { readonly ipv6: boolean; readonly appArmor: boolean };
}

const OUTPUT_LIMIT = 8 * 1024 * 1024;

const Output = z.strictObject({
  nonce: z.string(),
  results: z.array(ProbeResult).max(200),
  broken: z.array(z.object({ probe: z.string(), reason: z.string() })).max(200),
});

/**
 * Runs one checker container at a position and returns what it found. The container sees the launch only over the
 * network of that position. Throws DrydockError `could-not-check` when it dies, is late, prints too much, or answers
 * without this run's nonce.
 */
export async function runChecker(
  deps: CheckerDeps,
  target: CheckTarget,
  input: CheckerInput,
  seconds: number,
): Promise<CheckerOutput> {
  const position = target.positions.get(input.position);
  if (!position)
    throw new DrydockError('could-not-check', `The lab has no position "${input.position}" for its probes.`);
  const container = await deps.engine.createContainer({
    name: engineName(target.launch, 'check', input.position, input.nonce.slice(0, 8)),
    image: deps.image('checker'),
    labels: roleLabels(target.labels, 'checker', input.position),
    command: ['/usr/local/bin/node', '/opt/drydock/checker/main.ts'],
    env: {},
    user: ROLES.checker.user,
    workingDir: '/',
    interactive: true,
    hostConfig: hostConfig('checker', {
      ...deps.sandbox,
      network: { kind: 'joined', container: position.holder },
      mounts: [],
    }),
    endpoints: [],
  });
  try {
    await using channel = await deps.engine.attach(container);
    await deps.engine.startContainer(container);
    await channel.write(Buffer.from(`${JSON.stringify(input)}\n`));
    channel.endInput();
    return parseOutput(await withDeadline(collect(channel), seconds, () => channel.close()), input.nonce);
  } finally {
    await deps.engine.removeContainer(container);
  }
}

async function collect(channel: Channel): Promise<string> {
  const chunks: Buffer[] = [];
  let held = 0;
  for await (const { stream, bytes } of channel.output) {
    if (stream !== 'stdout') continue;
    held += bytes.length;
    if (held > OUTPUT_LIMIT) throw new DrydockError('could-not-check', 'The checker printed more than its limit.');
    chunks.push(Buffer.from(bytes));
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function withDeadline<T>(work: Promise<T>, seconds: number, giveUp: () => void): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new DrydockError('could-not-check', `The checker did not end within ${seconds} s.`));
    giveUp();
  }, seconds * 1000);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}

/** Exactly one line with the right nonce counts; anything else is no result. */
export function parseOutput(text: string, nonce: string): CheckerOutput {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length !== 1)
    throw new DrydockError('could-not-check', `The checker gave ${lines.length} results instead of one.`);
  let json: unknown;
  try {
    json = JSON.parse(lines[0] ?? '');
  } catch (cause) {
    throw new DrydockError('could-not-check', 'The checker answered with something that is not JSON.', { cause });
  }
  const parsed = Output.safeParse(json);
  if (!parsed.success)
    throw new DrydockError('could-not-check', 'The checker answered in an unknown shape.', { cause: parsed.error });
  if (parsed.data.nonce !== nonce)
    throw new DrydockError('could-not-check', 'The checker answered without the nonce of this run.');
  return parsed.data;
}
