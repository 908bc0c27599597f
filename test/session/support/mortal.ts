import type { Channel, Engine } from '../../../runner/core/ports/engine.ts';
import type { Store } from '../../../runner/core/ports/store.ts';

/** Whether the call a runner dies at still takes effect. */
export const DEATHS = ['before', 'after'] as const;
export type Death = (typeof DEATHS)[number];

const NEVER = new Promise<never>(() => undefined);
const WRITES = /^(claim|change|add|save|remove)/;

/**
 * A runner that dies, as by SIGKILL, at a call to its engine or a write to its store: that call is the last to take
 * effect, or does not any more; no call is answered from then on, and what it had open is cut.
 */
export function mortal() {
  const channels = new Set<Channel>();
  const calls: string[] = [];
  const death = Promise.withResolvers<void>();
  let plan: { at: number; when: Death } | null = null;
  let dead = false;

  function die(): void {
    dead = true;
    for (const channel of channels) channel.close();
    death.resolve();
  }

  async function through<T>(name: string, run: () => Promise<T>): Promise<T> {
    if (dead) return NEVER;
    if (plan && calls.push(name) === plan.at) {
      if (plan.when === 'after') await run().catch(() => undefined);
      die();
      return NEVER;
    }
    const result = await run();
    return dead ? NEVER : result;
  }

  const around = <T extends object>(target: T, counted: (name: string) => boolean): T =>
    new Proxy(target, {
      get(_, name) {
        const found = Reflect.get(target, name) as unknown;
        if (typeof found !== 'function') return found;
        const call = async (...words: unknown[]) => {
          const result = (await found.apply(target, words)) as unknown;
          if (name === 'exec' || name === 'attach') channels.add(result as Channel);
          return result;
        };
        return (...words: unknown[]) => {
          if (counted(String(name))) return through(String(name), () => call(...words));
          return dead ? NEVER : call(...words);
        };
      },
    });

  return {
    engine: (engine: Engine) => around(engine, () => true),
    store: (store: Store) => around(store, (name) => WRITES.test(name)),
    /** Counts calls from now on; the one numbered `at`, from 1, is its last. 0: it lives. */
    dieAt(at: number, when: Death = 'before') {
      plan = { at, when };
    },
    died: death.promise,
    dead: () => dead,
    /** Those counted, in order. */
    calls: (): readonly string[] => calls,
    die,
  };
}
