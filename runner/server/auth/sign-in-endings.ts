import type { Identity } from './identity.ts';

/** Tells what hangs on a sign-in (open sockets) that it ended, by sign-out or by age. */
export interface SignInEndings {
  /** Calls back once; returns the unsubscribe. */
  on(identity: Identity, ended: () => void): () => void;
  end(key: string): void;
}

export function signInEndings(clock: () => number): SignInEndings {
  const waiting = new Map<string, Set<() => void>>();
  return {
    on(identity, ended) {
      const set = waiting.get(identity.key) ?? new Set();
      waiting.set(identity.key, set);
      const stop = () => {
        clearTimeout(timer);
        set.delete(fire);
        if (set.size === 0) waiting.delete(identity.key);
      };
      const fire = () => {
        stop();
        ended();
      };
      set.add(fire);
      const timer = identity.expiresAt === null ? undefined : setTimeout(fire, identity.expiresAt - clock());
      timer?.unref();
      return stop;
    },
    end(key) {
      for (const fire of [...(waiting.get(key) ?? [])]) fire();
    },
  };
}
