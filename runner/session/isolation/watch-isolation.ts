import { DrydockError, type Verdict } from '#contract';
import type { Engine } from '../../core/ports/engine.ts';
import type { Canary, IsolationResult, OpenCanary } from '../../core/ports/isolation.ts';
import type { Launch } from '../launch/launch.ts';
import { type Finding, isDead, probeLaunch } from './probe-launch.ts';

export interface IsolationDeps {
  readonly engine: Engine;
  /** On a clock that never jumps; milliseconds. */
  readonly monotonic: () => number;
  readonly warn: (what: string, error: unknown) => void;
  /** Without it nothing is probed. */
  readonly isolation?: {
    readonly canary: OpenCanary;
    /** Tells the operator what a probe found that is different from before. */
    readonly tell: (result: IsolationResult, what: string) => void;
  };
}

export interface IsolationWatch {
  /** Probes one of the launches that are up when it is time to, and all of them while anything is wrong. */
  look(up: readonly Launch[]): Promise<void>;
  /** The engine did not answer: once it does, its rules are to be looked at. */
  engineAway(): void;
  /** Throws `isolation-lost` while a launch could reach what none may. */
  require(): void;
  /** What the learner in a launch should know, or null. */
  warningOf(launch: string): string | null;
  /** Runs a check. Throws `could-not-check` instead of its verdicts when the launch's network carries nothing. */
  honest(launch: Launch, check: () => Promise<Verdict[]>): Promise<Verdict[]>;
  /** What the last probe of each launch found. */
  results(): IsolationResult[];
}

/** With the pace of the sweeps and the probe's own time it is never more than 60 s from one to the next. */
const EVERY_MS = 50_000;

const BROKEN =
  'This lab is not shut off as it should be: from inside it something could be reached that no lab may reach. Tell whoever runs this machine; until it is mended no further lab is opened.';
const DEAD =
  'The network of this lab carries nothing, not even between its own services. Something outside the lab did that, as reloading a firewall does. Restarting the container engine mends it, and so does stopping this lab and opening it again; your files are kept.';

export function watchIsolation({ engine, monotonic, warn, isolation }: IsolationDeps): IsolationWatch {
  /** By launch; every launch is on this machine, so one that is broken speaks for all. */
  const findings = new Map<string, Finding>();
  let due = Number.NEGATIVE_INFINITY;
  let looking = false;
  let turn = 0;

  const anyWrong = () => [...findings.values()].some(({ result }) => result !== 'isolated');
  const isBroken = () => [...findings.values()].some(({ result }) => result === 'broken');

  function note(launch: string, finding: Finding): void {
    const before = findings.get(launch)?.result ?? 'isolated';
    findings.set(launch, finding);
    if (finding.result !== before) isolation?.tell(finding.result, words(launch, finding));
  }

  /** Where the launch that was wrong is gone, another has to tell whether all is well. */
  function forgetOthers(up: readonly Launch[]): void {
    for (const [id, { result }] of findings) {
      if (up.some((launch) => launch.id === id)) continue;
      findings.delete(id);
      if (result !== 'isolated') due = Number.NEGATIVE_INFINITY;
    }
  }

  /** What cannot be probed leaves what was known. */
  async function probe(launch: Launch, canary: Canary, neighbour?: Launch): Promise<void> {
    try {
      note(launch.id, await probeLaunch(engine, launch, canary, neighbour));
    } catch (error) {
      warn(`the isolation of launch ${launch.id} could not be probed`, error);
    }
  }

  async function probeNext(up: readonly Launch[], { canary }: NonNullable<typeof isolation>): Promise<void> {
    await using listening = await canary();
    const at = turn++ % up.length;
    const inTurn = [...up.slice(at), ...up.slice(0, at)];
    const [first, ...others] = inTurn.map((launch, n) => {
      const neighbour = inTurn[(n + 1) % up.length];
      return () => probe(launch, listening, neighbour === launch ? undefined : neighbour);
    });
    await first?.();
    if (anyWrong()) await Promise.all(others.map((ask) => ask()));
  }

  /** Also noted, so that the learner is told, or told no more, without waiting for the next look. */
  async function carriesNothing({ id, ...launch }: Launch): Promise<boolean> {
    // What cannot be told does not stand against a verdict.
    const dead = await isDead(engine, launch).catch(() => false);
    const known = findings.get(id)?.result;
    if (dead && known !== 'broken') note(id, { result: 'dead' });
    if (!dead && known === 'dead') note(id, { result: 'isolated' });
    return dead;
  }

  return {
    async look(up) {
      forgetOthers(up);
      if (!isolation || looking || up.length === 0 || monotonic() < due) return;
      looking = true;
      due = monotonic() + EVERY_MS;
      await probeNext(up, isolation)
        .catch((error) => warn('the isolation of the labs could not be probed', error))
        .finally(() => {
          looking = false;
        });
    },
    engineAway() {
      due = Number.NEGATIVE_INFINITY;
    },
    require() {
      if (!isBroken()) return;
      throw new DrydockError('isolation-lost', 'From a lab something could be reached that no lab may reach.', {
        retryAfter: EVERY_MS / 1000,
      });
    },
    warningOf(launch) {
      if (isBroken()) return BROKEN;
      return findings.get(launch)?.result === 'dead' ? DEAD : null;
    },
    async honest(launch, check) {
      if (!isolation) return check();
      const known = findings.get(launch.id)?.result === 'dead';
      if (known && (await carriesNothing(launch))) throw saysNothing();
      const verdicts = await check();
      if (verdicts.every(({ verdict }) => verdict === 'passed') || !(await carriesNothing(launch))) return verdicts;
      throw saysNothing();
    },
    results: () => [...findings.values()].map(({ result }) => result),
  };
}

const saysNothing = () => new DrydockError('could-not-check', DEAD, { hint: 'This says nothing about your fix.' });

function words(launch: string, finding: Finding): string {
  if (finding.result === 'broken')
    return `isolation is broken: launch ${launch} reached ${finding.reached.join(', ')}; no lab is opened until it holds again`;
  if (finding.result === 'dead') return `the network of launch ${launch} carries nothing; restart the container engine`;
  return `launch ${launch} is isolated and its network carries again`;
}
