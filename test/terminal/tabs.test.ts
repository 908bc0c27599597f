import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTabs, MOST_TERMINALS, tabLabel } from '../../site/src/workspace/terminal/tabs.ts';

const TARGETS = ['workbench', 'gateway'];

function storage(entries: Record<string, string> = {}) {
  const kept = new Map(Object.entries(entries));
  const port = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => kept.set(key, text),
  };
  return { kept, port: port as unknown as Storage };
}
const labels = (tabs: ReturnType<typeof createTabs>) => tabs.all.value.map(tabLabel);

test('a fresh session has one terminal, in the workbench; more are named by number, per target', () => {
  const tabs = createTabs(storage().port, 's1', TARGETS);
  for (const target of ['workbench', 'gateway', 'gateway']) tabs.open(target);
  assert.deepEqual(labels(tabs), ['workbench', 'workbench 2', 'gateway', 'gateway 2']);
  assert.equal(tabLabel(tabs.shown.value), 'gateway 2');
});

test('closing shows the neighbour and frees the name; the last terminal stays', () => {
  const tabs = createTabs(storage().port, 's1', TARGETS);
  const second = tabs.open('workbench') ?? assert.fail();
  tabs.open('gateway');
  tabs.close(second);
  assert.deepEqual(labels(tabs), ['workbench', 'gateway']);
  assert.equal(tabs.open('workbench')?.name, '2');
  for (const tab of tabs.all.value) tabs.close(tab);
  assert.equal(tabs.all.value.length, 1);
});

test('there are at most eight', () => {
  const tabs = createTabs(storage().port, 's1', TARGETS);
  for (let more = 1; more < MOST_TERMINALS; more++) assert.ok(tabs.open('workbench'));
  assert.equal(tabs.full.value, true);
  assert.equal(tabs.open('gateway'), null);
  assert.equal(new Set(labels(tabs)).size, MOST_TERMINALS);
});

test('what is open comes back for the same session and for no other', () => {
  const { port } = storage();
  const first = createTabs(port, 's1', TARGETS);
  first.open('gateway');
  first.show(first.all.value[0] ?? assert.fail());
  const again = createTabs(port, 's1', TARGETS);
  assert.deepEqual(labels(again), ['workbench', 'gateway']);
  assert.equal(tabLabel(again.shown.value), 'workbench');
  assert.deepEqual(labels(createTabs(port, 's2', TARGETS)), ['workbench']);
});

test('what cannot be understood, or names a service the lab has not, is left aside', () => {
  const tab = { target: 'workbench', name: 'main' };
  for (const text of [
    'no JSON',
    '{"tabs":[],"shown":0}',
    JSON.stringify({ tabs: [{ target: 'elsewhere', name: 'main' }], shown: 0 }),
    JSON.stringify({ tabs: Array(9).fill(tab), shown: 0 }),
  ]) {
    assert.deepEqual(
      labels(createTabs(storage({ 'drydock-terminals:s1': text }).port, 's1', TARGETS)),
      ['workbench'],
      text,
    );
  }
});
