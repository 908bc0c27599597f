import type { Message, ProbeResult, Verdict } from '#contract';

const KINDS = ['attack', 'benign'] as const;

type Sentence = (id: string, params?: Record<string, string>) => Message;

/**
 * Probe results of one fix task → its verdict. Passed needs every attack closed and every benign use working, and
 * each to have been asked: a missing or broken probe is the checker's fault (`broken`), never a pass or a fail. So is
 * a task with no attack, which anything would pass, or no use, which an outage would.
 */
export function decideVerdict(
  task: string,
  expected: readonly { probe: string; kind: 'attack' | 'benign' }[],
  results: readonly ProbeResult[],
  broken: readonly { probe: string; reason: string }[],
  sentence: Sentence,
): Verdict {
  const found = expected.map(({ probe }) => results.filter((result) => result.probe === probe && result.task === task));
  const probes = expected.flatMap(({ probe, kind }, index) => {
    const [only] = found[index] ?? [];
    return only ? [{ probe, kind, finding: only.finding }] : [];
  });
  const unasked = expected.find(({ kind }, index) => !isSingle(found[index] ?? [], kind));
  const lacking = KINDS.find((kind) => !expected.some((probe) => probe.kind === kind));
  if (unasked || lacking) {
    const probe = unasked?.probe ?? task;
    const reason = broken.find((one) => one.probe === probe)?.reason ?? 'it gave no single result';
    return {
      task,
      verdict: 'broken',
      message: sentence('check-broken', { probe, reason: unasked ? reason : `it has no ${lacking} probe` }),
      evidence: [],
      replay: '',
      probes,
    };
  }
  const ordered = found.flat();
  const decisive = ordered.find(isAgainst);
  if (decisive) {
    return {
      task,
      verdict: 'not-yet',
      message: decisive.message,
      evidence: decisive.evidence,
      replay: decisive.replay,
      probes,
    };
  }
  const shown = ordered.find(({ kind }) => kind === 'attack') ?? ordered[0];
  return {
    task,
    verdict: 'passed',
    message: sentence('task-passed', { probes: String(ordered.length) }),
    evidence: shown?.evidence ?? [],
    replay: shown?.replay ?? '',
    probes,
  };
}

const isSingle = (found: readonly ProbeResult[], kind: ProbeResult['kind']) =>
  found.length === 1 && found[0]?.kind === kind;

/** A benign probe says `closed` when the legitimate use fails, `open` when it works; an attack the other way round. */
function isAgainst(result: ProbeResult): boolean {
  return result.kind === 'attack' ? result.finding !== 'closed' : result.finding !== 'open';
}
