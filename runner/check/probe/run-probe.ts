import type { Evidence, Message, ProbeResult } from '#contract';
import type { CheckerInput } from '../protocol.ts';
import { createContext, fillMessage, type Recording, Stopped } from './context.ts';
import type { Attack, Outcome, Probe } from './define.ts';
import type { Exchange } from './http.ts';
import { type Mask, maskSecrets, replayLine, transcript } from './transcript.ts';

type Finding = ProbeResult['finding'];

interface Conclusion {
  readonly finding: Finding;
  readonly message: string;
  readonly params: Readonly<Record<string, string>>;
  readonly shown?: Exchange | undefined;
  readonly replay?: string | undefined;
}

/** Asks one probe. Throws only when the probe itself is wrong; a service that misbehaves leads to a finding. */
export async function runProbe(
  input: CheckerInput,
  task: string,
  probe: Probe,
  memory: Map<string, Promise<unknown>>,
): Promise<ProbeResult> {
  const late = new AbortController();
  const seconds = probe.seconds ?? input.probeSeconds;
  const timer = setTimeout(() => late.abort(), seconds * 1000);
  const recording = createContext(input, `${task}/${probe.id}`, late.signal, memory);
  try {
    const asking = conclude(probe, recording);
    asking.catch(() => undefined);
    const conclusion = await Promise.race([asking, tooLate(late.signal, probe, seconds)]);
    return resultOf(input, task, probe, conclusion, recording.exchanges);
  } finally {
    clearTimeout(timer);
    late.abort();
    recording.end();
  }
}

async function conclude(probe: Probe, recording: Recording): Promise<Conclusion> {
  try {
    return probe.kind === 'attack'
      ? await concludeAttack(probe, recording)
      : fromOutcome(probe, await probe.run(recording.t));
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    return { finding: against(probe), message: error.id, params: error.params };
  }
}

async function concludeAttack(probe: Attack, { t }: Recording): Promise<Conclusion> {
  const unreached = { finding: 'unreached', message: `${probe.id}-unreached`, params: {} } as const;
  if (!(await probe.control(t))) return unreached;
  const outcome = await probe.attack(t);
  // A service the attack knocked over is not one that withstood it.
  if (outcome.finding === 'closed' && !(await probe.control(t))) return unreached;
  return fromOutcome(probe, outcome);
}

function fromOutcome(probe: Probe, outcome: Outcome): Conclusion {
  // One that is neither would make the runner refuse what every other probe found as well.
  if (outcome?.finding !== 'open' && outcome?.finding !== 'closed') throw new Error(`${probe.id} gave no outcome`);
  return { ...outcome, message: outcome.message ?? `${probe.id}-${outcome.finding}` };
}

/** The finding that keeps a task from passing. */
const against = (probe: Probe): Finding => (probe.kind === 'attack' ? 'unreached' : 'closed');

function tooLate(signal: AbortSignal, probe: Probe, seconds: number): Promise<Conclusion> {
  const { promise, resolve } = Promise.withResolvers<Conclusion>();
  signal.addEventListener('abort', () =>
    resolve({
      finding: against(probe),
      message: 'probe-too-slow',
      params: { probe: probe.id, seconds: String(seconds) },
    }),
  );
  return promise;
}

const OWN_MESSAGES: Record<string, string> = {
  'probe-too-slow': 'The services answered too slowly: "{probe}" was not done after {seconds} seconds.',
};

function resultOf(
  input: CheckerInput,
  task: string,
  probe: Probe,
  conclusion: Conclusion,
  exchanges: readonly Exchange[],
): ProbeResult {
  const mask = maskSecrets(input.secrets);
  const decisive = conclusion.shown ?? exchanges.at(-1);
  return {
    probe: probe.id,
    task,
    kind: probe.kind,
    finding: conclusion.finding,
    message: maskMessage(
      fillMessage({ ...OWN_MESSAGES, ...input.messages }, conclusion.message, conclusion.params),
      mask,
    ),
    evidence: decisive ? [evidenceOf(decisive, mask)] : [],
    replay: fit(conclusion.replay ?? (decisive ? replayLine(decisive, mask) : ''), 4096),
  };
}

function maskMessage(message: Message, mask: Mask): Message {
  const params = Object.entries(message.params).map(([name, value]) => [name, mask(value)] as const);
  return { id: message.id, params: Object.fromEntries(params), text: mask(message.text) };
}

function evidenceOf(exchange: Exchange, mask: Mask): Evidence {
  const { host, pathname } = new URL(exchange.url);
  const result = exchange.answer.failure || String(exchange.answer.status);
  return {
    kind: 'transcript',
    title: mask(`${exchange.method} ${pathname} at ${host}: ${result}`).slice(0, 200),
    text: transcript(exchange, mask).slice(0, 16_000),
  };
}

/** A line that had to be cut would run as something else: then there is none. */
const fit = (line: string, limit: number) => (line.length <= limit ? line : '');
