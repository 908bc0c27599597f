import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Finding, Message, type ProbeResult } from '#contract';
import { decideVerdict } from '../../../runner/core/check/decide-verdict.ts';

type Kind = 'attack' | 'benign';

const sentence = (id: string, params: Record<string, string> = {}) => Message.parse({ id, params, text: id });
const EXPECTED = [
  { probe: 'forge', kind: 'attack' as Kind },
  { probe: 'replay', kind: 'attack' as Kind },
  { probe: 'sign-in', kind: 'benign' as Kind },
];

function result(probe: string, kind: Kind, finding: Finding, task = 'shut'): ProbeResult {
  return {
    probe,
    task,
    kind,
    finding,
    message: sentence(`${probe}-${finding}`),
    evidence: [{ kind: 'transcript', title: probe, text: `> ${finding}` }],
    replay: `curl ${probe}`,
  };
}

const forge = (finding: Finding) => result('forge', 'attack', finding);
const replay = (finding: Finding) => result('replay', 'attack', finding);
const signIn = (finding: Finding) => result('sign-in', 'benign', finding);
const decide = (results: ProbeResult[], broken: { probe: string; reason: string }[] = [], expected = EXPECTED) =>
  decideVerdict('shut', expected, results, broken, sentence);

const HELD = [forge('closed'), replay('closed'), signIn('open')];

/** Findings → verdict and the sentence shown. */
const TABLE: readonly (readonly [name: string, results: ProbeResult[], verdict: string, message: string])[] = [
  ['every attack closed, every use works', HELD, 'passed', 'task-passed'],
  ['the same in another order', HELD.toReversed(), 'passed', 'task-passed'],
  ['an attack open', [forge('open'), replay('closed'), signIn('open')], 'not-yet', 'forge-open'],
  ['the second attack open', [forge('closed'), replay('open'), signIn('open')], 'not-yet', 'replay-open'],
  [
    'an attack that reached nothing',
    [forge('unreached'), replay('closed'), signIn('open')],
    'not-yet',
    'forge-unreached',
  ],
  [
    'every attack unreached: the service is down',
    [forge('unreached'), replay('unreached'), signIn('closed')],
    'not-yet',
    'forge-unreached',
  ],
  ['the legitimate use broken', [forge('closed'), replay('closed'), signIn('closed')], 'not-yet', 'sign-in-closed'],
  [
    'the legitimate use not reached',
    [forge('closed'), replay('closed'), signIn('unreached')],
    'not-yet',
    'sign-in-unreached',
  ],
  ['C4 no result at all', [], 'broken', 'check-broken'],
  ['C4 one attack missing', [forge('closed'), signIn('open')], 'broken', 'check-broken'],
  ['C4 the use missing, though an attack is open', [forge('open'), replay('closed')], 'broken', 'check-broken'],
  ['C2 a result twice', [...HELD, forge('closed')], 'broken', 'check-broken'],
  ['C2 a result twice, saying both', [...HELD, forge('open')], 'broken', 'check-broken'],
  [
    'C2 a result of another task only',
    [result('forge', 'attack', 'closed', 'other'), replay('closed'), signIn('open')],
    'broken',
    'check-broken',
  ],
  [
    'C2 a result that calls an attack benign',
    [result('forge', 'benign', 'open'), replay('closed'), signIn('open')],
    'broken',
    'check-broken',
  ],
  [
    'C2 a result nobody asked for beside the right ones',
    [...HELD, result('more', 'attack', 'open')],
    'passed',
    'task-passed',
  ],
];

for (const [name, results, verdict, message] of TABLE) {
  test(`${name}: ${verdict}`, () => {
    const decided = decide([...results]);
    assert.equal(decided.verdict, verdict);
    assert.equal(decided.message.id, message);
  });
}

test('C4 the verdict names the probe that broke, and why', () => {
  const {
    verdict,
    message,
    evidence,
    replay: line,
  } = decide([forge('closed'), signIn('open')], [{ probe: 'replay', reason: 'it ran out of memory' }]);
  assert.equal(verdict, 'broken');
  assert.deepEqual(message.params, { probe: 'replay', reason: 'it ran out of memory' });
  assert.deepEqual([evidence, line], [[], '']);
});

test('C4 a task without an attack, without a use or without any probe is not passed', () => {
  const ofKind = (kind: Kind) => EXPECTED.filter((probe) => probe.kind === kind);
  assert.equal(decide([], [], []).verdict, 'broken');
  assert.equal(decide([forge('closed'), replay('closed')], [], ofKind('attack')).verdict, 'broken');
  assert.equal(decide([signIn('open')], [], ofKind('benign')).verdict, 'broken');
});

test('what is against it comes with its own evidence and replay', () => {
  const { evidence, replay: line, probes } = decide([forge('closed'), replay('open'), signIn('open')]);
  assert.equal(evidence[0]?.text, '> open');
  assert.equal(line, 'curl replay');
  assert.deepEqual(
    probes.map(({ probe, finding }) => [probe, finding]),
    [
      ['forge', 'closed'],
      ['replay', 'open'],
      ['sign-in', 'open'],
    ],
  );
});

test('C2 C4 whatever results there are, passed means each probe once, attacks closed and uses working', () => {
  const any = fc.record({
    probe: fc.constantFrom('forge', 'replay', 'sign-in', 'other'),
    kind: fc.constantFrom<Kind>('attack', 'benign'),
    finding: fc.constantFrom<Finding>('open', 'closed', 'unreached'),
    task: fc.constantFrom('shut', 'shut', 'shut', 'other'),
  });
  const near = fc.tuple(fc.subarray(HELD), fc.array(any, { maxLength: 2 }));
  let passed = 0;
  fc.assert(
    fc.property(near, ([some, more]) => {
      const results = [...some, ...more.map(({ probe, kind, finding, task }) => result(probe, kind, finding, task))];
      if (decide(results).verdict !== 'passed') return;
      passed++;
      for (const { probe, kind } of EXPECTED) {
        const own = results.filter((one) => one.probe === probe && one.task === 'shut');
        assert.deepEqual(
          own.map((one) => [one.kind, one.finding]),
          [[kind, kind === 'attack' ? 'closed' : 'open']],
        );
      }
    }),
    { numRuns: 500 },
  );
  assert.ok(passed > 0, 'no run passed, so the property said nothing');
});
