import { availableParallelism } from 'node:os';

/** What keeps many floods from slowing everybody else. */
export interface OutputShare {
  join(): OutputPace;
}

/** One terminal's part in it. */
export interface OutputPace {
  /** Somebody typed: what waits now is waited for by a person. */
  typed(): void;
  /** Undefined when so many bytes may go on at once; otherwise resolves when they may. */
  take(bytes: number): Promise<void> | undefined;
  leave(): void;
}

export interface ShareLimits {
  /** This many floods at once are nobody's concern. */
  readonly floods: number;
  /** What all floods have together when there are more. */
  readonly bytesPerSecond: number;
}

/** A byte of `yes` takes about 0.15 µs of a processor from the pty on (test/load/FIGURES.md): a quarter of each is spent. */
export const OUTPUT_SHARE: ShareLimits = {
  floods: 2 * availableParallelism(),
  bytesPerSecond: 1.5 * 1024 * 1024 * availableParallelism(),
};

interface Member {
  /** Bytes of the present run of output: they add up, and drain while it pauses. */
  run: number;
  /** When its last bytes were let go, or began to wait. */
  since: number;
  waits: boolean;
}

/** A run of output longer than this is a flood, which nobody reads as it passes. */
const FLOOD = 32 * 1024;
/** Bytes by which a run shortens in a millisecond of pause. */
const DRAIN_PER_MS = 4;
/** A flood that printed nothing for this long is over, milliseconds. */
const OVER_AFTER = 1000;
/** How much of its time unused the line may make up for, milliseconds: timers are late. */
const SLACK = 20;

/**
 * Programs that print without end are held back together once they are many: nobody can read them, and every byte
 * passes six processes on its way to the page. Terminals that print less, or were typed into, never wait.
 */
export function shareOutput(limits: ShareLimits, clock = () => performance.now()): OutputShare {
  const floods = new Set<Member>();
  const line: (() => void)[] = [];
  let freeAt = 0;
  let timer: NodeJS.Timeout | undefined;

  function many(now: number): boolean {
    for (const one of floods) if (!one.waits && now - one.since > OVER_AFTER) floods.delete(one);
    return floods.size > limits.floods;
  }

  /** Lets go whose turn it is, and comes back for the next. */
  function serve() {
    clearTimeout(timer);
    while (line.length > 0 && (freeAt <= clock() || !many(clock()))) line.shift()?.();
    if (line.length > 0) timer = setTimeout(serve, Math.max(1, freeAt - clock()));
  }

  function charge(bytes: number) {
    freeAt = Math.max(freeAt, clock() - SLACK) + (bytes / limits.bytesPerSecond) * 1000;
  }

  function join(): OutputPace {
    const me: Member = { run: 0, since: clock(), waits: false };
    let go: (() => void) | undefined;

    function take(bytes: number): Promise<void> | undefined {
      const now = clock();
      me.run = Math.max(0, me.run - (now - me.since) * DRAIN_PER_MS) + bytes;
      me.since = now;
      if (me.run <= FLOOD) {
        floods.delete(me);
        return;
      }
      floods.add(me);
      if (!many(now)) return;
      return new Promise((resolve) => {
        me.waits = true;
        go = () => {
          go = undefined;
          me.waits = false;
          me.since = clock();
          charge(bytes);
          resolve();
        };
        line.push(go);
        serve();
      });
    }

    /** No flood any more: it goes on, and so may others. */
    function end() {
      floods.delete(me);
      if (go) {
        line.splice(line.indexOf(go), 1);
        go();
      }
      serve();
    }

    return {
      take,
      typed() {
        me.run = 0;
        end();
      },
      leave: end,
    };
  }

  return { join };
}
