import { DrydockError } from '#contract';
import { ROLES } from '../../core/policy/roles.ts';
import type { Engine } from '../../core/ports/engine.ts';

export interface Door {
  readonly address: string;
  readonly port: number;
}

/** What said anything at all: it is there, or a kernel there said that nothing listens. */
export type Answers = ReadonlyMap<Door, 'open' | 'refused'>;

const SECONDS = 2;
/** How much longer the answer may take to reach us. */
const MARGIN_SECONDS = 5;

/**
 * Knocks at doors from a holder's place in the network, with a tool of its image (`labs/images/base/ready.c`) that no
 * learner can change. Throws DrydockError `could-not-check` when the tool does not do its work.
 */
export async function knock(engine: Engine, holder: string, doors: readonly Door[]): Promise<Answers> {
  const words = doors.flatMap(({ address, port }) => [address, `${port}`]);
  const channel = await engine.exec(holder, {
    argv: ['/opt/drydock/ready', 'reach', ...words, `${SECONDS}`],
    user: ROLES.holder.user,
  });
  const late = setTimeout(() => channel.close(), (SECONDS + MARGIN_SECONDS) * 1000);
  try {
    let said = '';
    for await (const { bytes } of channel.output) said = (said + bytes.toString('latin1')).slice(-4096);
    const code = await channel.exitCode();
    if (code !== 0)
      throw new DrydockError('could-not-check', `The tool that knocks ended with ${code}: ${said.trim()}`);
    return readAnswers(doors, said);
  } finally {
    clearTimeout(late);
  }
}

function readAnswers(doors: readonly Door[], said: string): Answers {
  const answers = new Map<Door, 'open' | 'refused'>();
  for (const line of said.split('\n')) {
    const [address, port, answer] = line.split(' ');
    const door = doors.find((one) => one.address === address && `${one.port}` === port);
    if (door && (answer === 'open' || answer === 'refused')) answers.set(door, answer);
  }
  return answers;
}
