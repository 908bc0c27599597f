import type { Channel, Engine } from '../core/ports/engine.ts';
import type { Observer } from './observer.ts';
import { outcomeOf } from './outcome.ts';

/** The engine's words about these may repeat a learner's command or file names, which no log may have. */
const WORDS_OF_LEARNERS = new Set(['createContainer', 'startContainer', 'exec', 'putFiles']);

/** The engine with every call timed and logged under the id of the work it is made for. */
export function observedEngine(engine: Engine, observer: Observer): Engine {
  const { trace, log, metrics, clock } = observer;

  async function observed<T>(call: string, on: string | undefined, run: () => Promise<T>): Promise<T> {
    const start = clock();
    const seconds = () => (clock() - start) / 1000;
    const line = () => ({ call, on, milliseconds: Math.round(clock() - start) });
    try {
      const made = await run();
      metrics.engineCalled({ call, outcome: 'ok', seconds: seconds() });
      log.debug(line(), 'engine call');
      if (call !== 'attach' && call !== 'exec') return made;
      return closing(
        made as Channel,
        trace.bind(() => log.debug(line(), 'channel closed')),
      ) as T;
    } catch (error) {
      const outcome = outcomeOf(error);
      const reason = WORDS_OF_LEARNERS.has(call) || !(error instanceof Error) ? undefined : error.message;
      metrics.engineCalled({ call, outcome, seconds: seconds() });
      log.warn({ ...line(), outcome, status: statusOf(error), reason }, 'engine call failed');
      throw error;
    }
  }

  return new Proxy(engine, {
    get(target, name) {
      const found: unknown = Reflect.get(target, name);
      if (typeof found !== 'function' || typeof name !== 'string') return found;
      return (...words: unknown[]) => observed(name, subject(words[0]), () => found.apply(target, words));
    },
  });
}

/** Only its closing is watched: reading and writing go straight through, so that each side still waits for the other. */
function closing(channel: Channel, closed: () => void): Channel {
  let told = false;
  const tell = () => {
    if (!told) closed();
    told = true;
  };
  return {
    write: (bytes) => channel.write(bytes),
    endInput: () => channel.endInput(),
    output: channel.output,
    exitCode: () => channel.exitCode(),
    close() {
      channel.close();
      tell();
    },
    async [Symbol.asyncDispose]() {
      await channel[Symbol.asyncDispose]();
      tell();
    },
  };
}

/** Which thing a call is about: the id or name we gave it. Nothing else of what it is given may be logged. */
function subject(word: unknown): string | undefined {
  if (typeof word === 'string') return word;
  return typeof word === 'object' && word !== null && 'name' in word && typeof word.name === 'string'
    ? word.name
    : undefined;
}

/** The HTTP status the engine refused with. */
function statusOf(error: unknown): number | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'statusCode' in cause && typeof cause.statusCode === 'number'
    ? cause.statusCode
    : undefined;
}
