import type { Message, ProbeResult, Verdict } from '#contract';
import { decideVerdict } from '../core/check/decide-verdict.ts';
import type { CheckTarget } from '../core/ports/check.ts';
import type { Lab } from '../library/lab.ts';
import { type PlannedProbe, readProbes } from './read-probes.ts';
import { type CheckerDeps, runChecker } from './run-checker.ts';

export interface CheckDeps extends CheckerDeps {
  readonly random: (bytes: number) => string;
}

const PROBE_SECONDS = 20;
/** One checker container, all its probes together. */
const CHECKER_SECONDS = 60;

const OWN_SENTENCES: Record<string, string> = {
  'check-broken': 'The check itself failed at "{probe}" ({reason}). This says nothing about your fix; check again.',
  'task-passed': 'All {probes} probes are answered as they should be.',
};

/**
 * Checks fix tasks of a launch: one checker container per position, side by side, each with a nonce of its own. A
 * checker that fails makes its tasks `broken`; it can never make them pass.
 */
export async function runCheck(
  deps: CheckDeps,
  target: CheckTarget,
  lab: Lab,
  tasks: readonly string[],
): Promise<Verdict[]> {
  const planned = (await readProbes(lab)).filter(({ task }) => tasks.includes(task));
  const seed = deps.random(16);
  const atPositions = [...Map.groupBy(planned, ({ position }) => position)];
  const outcomes = await Promise.all(
    atPositions.map(([position, probes]) => checkAt(deps, target, lab, position, probes, seed)),
  );
  const results = outcomes.flatMap((outcome) => outcome.results);
  const broken = outcomes.flatMap((outcome) => outcome.broken);
  return tasks.map((task) => {
    const expected = planned.filter((probe) => probe.task === task);
    return decideVerdict(task, expected, results, broken, (id, params = {}) => sentence(lab, id, params));
  });
}

async function checkAt(
  deps: CheckDeps,
  target: CheckTarget,
  lab: Lab,
  position: string,
  probes: PlannedProbe[],
  seed: string,
) {
  const input = {
    nonce: deps.random(32),
    position,
    seed,
    secrets: target.secrets,
    addresses: Object.fromEntries([...target.positions].map(([name, { addresses }]) => [name, addresses])),
    files: lab.probes,
    run: probes.map(({ file, probe }) => ({ file, probe })),
    probeSeconds: PROBE_SECONDS,
    messages: lab.messages,
  };
  try {
    const output = await runChecker(deps, target, input, CHECKER_SECONDS);
    return { results: output.results.filter((result) => wasAsked(result, probes)), broken: output.broken };
  } catch (error) {
    const reason = (error as Error).message;
    return { results: [], broken: probes.map(({ probe }) => ({ probe, reason })) };
  }
}

/** A result nobody asked for does not exist. */
function wasAsked(result: ProbeResult, probes: readonly PlannedProbe[]): boolean {
  return probes.some(({ task, probe, kind }) => result.task === task && result.probe === probe && result.kind === kind);
}

function sentence(lab: Lab, id: string, params: Record<string, string>): Message {
  const pattern = lab.messages[id] ?? OWN_SENTENCES[id] ?? id;
  return { id, params, text: pattern.replace(/\{(\w+)\}/g, (whole, name) => params[name] ?? whole) };
}
