import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SessionState } from '#contract';
import { canMove, isLive } from '../../../runner/core/session/session-states.ts';

const ALL = SessionState.options;

test('from every state a session can come to rest, and from rest it can be opened', () => {
  const reach = (from: SessionState, seen = new Set<SessionState>([from])): Set<SessionState> => {
    for (const to of ALL.filter((state) => canMove(from, state) && !seen.has(state))) reach(to, seen.add(to));
    return seen;
  };
  for (const state of ALL) {
    const reached = reach(state);
    assert.ok(reached.has('stopped') && reached.has('ready'), state);
  }
});

test('only what is at rest can be opened, only what is up can be applied to, and nothing moves to itself', () => {
  assert.deepEqual(
    ALL.filter((state) => canMove(state, 'opening')),
    ['stopped', 'failed'],
  );
  assert.deepEqual(
    ALL.filter((state) => canMove(state, 'applying')),
    ['ready'],
  );
  assert.deepEqual(
    ALL.filter((state) => canMove(state, state)),
    [],
  );
});

test('at rest nothing is on the engine', () => {
  assert.deepEqual(
    ALL.filter((state) => !isLive(state)),
    ['stopped', 'failed'],
  );
});
