import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Session } from '#contract';
import { LABEL } from '../../runner/core/labels/labels.ts';
import type { ContainerSpec } from '../../runner/core/ports/engine.ts';
import { refused } from '../../runner/engine/refused.ts';
import { aroundCalls } from '../support/around-calls.ts';
import { temporaryStore } from '../support/temporary-store.ts';
import { edit, inventory, served } from './support/deployment.ts';
import {
  EASY,
  earnAll,
  FILE,
  foreignTo,
  lookAfter,
  makeForeign,
  nextRunner,
  requireDeployed,
  requireEarned,
  requireOnlyHeld,
  SHIPPED,
} from './support/lifetimes.ts';
import { DEATHS, type Death, mortal } from './support/mortal.ts';
import { LAB, type SessionWorld, sessionWorld, USER } from './support/session-world.ts';

const DEPLOYED = `${SHIPPED}// deployed\n`;
const WRITTEN = `${SHIPPED}// written\n`;

interface Act {
  readonly before?: (world: SessionWorld, session: Session) => Promise<unknown>;
  readonly run: (world: SessionWorld, id: string, dead: () => boolean) => Promise<unknown>;
  /** How the next runner may find it. */
  readonly found: readonly Session['state'][];
}

/** What a runner may be at when it is killed. Before each but the first, all there is to earn is earned. */
const ACTS: Record<string, Act> = {
  'the reopening of a lab': {
    before: (world, { id }) => world.sessions.stop(USER, id),
    async run(world, id, dead) {
      await world.sessions.open(USER, LAB.id);
      await world.opened(id, USER, dead);
    },
    found: ['ready', 'stopped'],
  },
  'an apply': { run: ({ sessions }, id) => sessions.apply(USER, id), found: ['ready'] },
  'a reset of data': { run: ({ sessions }, id) => sessions.reset(USER, id, { data: true }), found: ['ready'] },
  'a stop': { run: ({ sessions }, id) => sessions.stop(USER, id), found: ['ready', 'stopped'] },
};

/** A lab with an older version deployed and a newer one written, and a runner that is about to do `act`. */
async function readyTo(act: Act) {
  const store = await temporaryStore();
  const runner = mortal();
  const world = await sessionWorld({ ...EASY, between: runner.engine, store: runner.store(store) });
  const foreign = await makeForeign(world.memory);
  const session = await world.start();
  await earnAll(world, session);
  await edit(world, session, FILE, DEPLOYED);
  await world.sessions.apply(USER, session.id);
  await edit(world, session, FILE, WRITTEN);
  const whole = await inventory(world, session);
  await act.before?.(world, session);
  return { store, runner, world, foreign, session, whole };
}

type Ready = Awaited<ReturnType<typeof readyTo>>;

async function callsOf(act: Act): Promise<number> {
  const { runner, world, session } = await readyTo(act);
  runner.dieAt(0);
  await act.run(world, session.id, runner.dead);
  return runner.calls().length;
}

async function killedAt(act: Act, at: number, when: Death): Promise<Ready> {
  const ready = await readyTo(act);
  ready.runner.dieAt(at, when);
  // Calls vary a little from run to run; one that ended first is killed at its end.
  await Promise.race([act.run(ready.world, ready.session.id, ready.runner.dead), ready.runner.died]);
  ready.runner.die();
  return ready;
}

/** Throws unless the next runner has the session as it should be, and all goes on from there. */
async function requireTakenUp(next: SessionWorld, { session, foreign, whole }: Ready, states: Act['found']) {
  await lookAfter(next);
  const { state, problem } = next.sessions.get(USER, session.id);
  assert.ok(states.includes(state), `${state}: ${problem?.message}`);
  assert.deepEqual(await foreignTo(next.memory), foreign, 'foreign things');
  await requireOnlyHeld(next);
  if (state === 'ready') await requireDeployed(next, session);
  const again = await next.start();
  assert.deepEqual([again.id, again.state, again.problem], [session.id, 'ready', null]);
  assert.equal((await next.sessions.readFile(USER, session.id, FILE)).content, WRITTEN);
  await requireDeployed(next, session);
  await requireEarned(next, session);
  await edit(next, session, FILE, `${WRITTEN}// and on\n`);
  assert.deepEqual((await next.sessions.apply(USER, session.id)).changed, ['gateway']);
  // What a replacement cut short has left goes with the next one.
  await next.sessions.reset(USER, session.id, { data: true });
  assert.deepEqual(await inventory(next, session), whole, 'pieces of cut-short work');
  await next.sessions.stop(USER, session.id);
  assert.deepEqual(await foreignTo(next.memory), foreign);
  await requireOnlyHeld(next);
}

for (const [name, act] of Object.entries(ACTS)) {
  const count = await callsOf(act);
  for (const when of DEATHS) {
    test(`L1 L2 a runner killed ${when} any of the ${count} engine calls and store writes of ${name}: the next takes it up`, async () => {
      const failures: string[] = [];
      await Promise.all(
        Array.from({ length: count }, async (_, index) => {
          const ready = await killedAt(act, index + 1, when);
          try {
            await requireTakenUp(await nextRunner(ready.world, ready.store), ready, act.found);
          } catch (error) {
            failures.push(`${index + 1} (${ready.runner.calls().at(-1)}): ${(error as Error).message.split('\n')[0]}`);
          }
        }),
      );
      assert.equal(failures.join('\n'), '');
    });
  }
}

test('L1 L2 a first start cut short is made again by the next runner, or was never asked for', async () => {
  const start = async (at: number, when: Death) => {
    const store = await temporaryStore();
    const runner = mortal();
    const world = await sessionWorld({ ...EASY, between: runner.engine, store: runner.store(store) });
    runner.dieAt(at, when);
    const opening = world.sessions.open(USER, LAB.id);
    await Promise.race([runner.died, opening.then(async ({ id }) => world.opened(id, USER, runner.dead))]);
    runner.die();
    return { store, runner, world };
  };
  const { runner } = await start(0, 'before');
  await Promise.all(
    DEATHS.flatMap((when) =>
      runner.calls().map(async (call, index) => {
        const { store, world } = await start(index + 1, when);
        const next = await nextRunner(world, store);
        await lookAfter(next);
        const [session] = next.sessions.list(USER);
        // Its first two calls write down that it is asked for.
        assert.ok(index < 2 || session?.state === 'ready', `${when} ${call}: ${session?.state}`);
        await requireOnlyHeld(next);
        assert.equal((await next.start()).state, 'ready');
      }),
    ),
  );
});

test('L1 control: without resuming, the session cannot be found, and what is left is', async () => {
  const ready = await killedAt(ACTS['an apply'] as Act, 1, 'before');
  const deaf = await sessionWorld({ ...EASY, after: ready.world, store: ready.store });
  await assert.rejects(requireOnlyHeld(deaf), /1 launches on the engine, 0 held/);
  await assert.rejects(requireTakenUp(deaf, ready, ['ready']), { name: 'no-such-session' });
});

test('L3 a lab opened twenty times at once while it is taken up is one session and one launch', async () => {
  const { world, store, session } = await killedAt(ACTS['an apply'] as Act, 1, 'before');
  const next = await sessionWorld({ ...EASY, after: world, store });
  const [, ...opened] = await Promise.all([
    next.sessions.resume(),
    ...Array.from({ length: 20 }, () => next.sessions.open(USER, LAB.id)),
  ]);
  assert.deepEqual(new Set(opened.map(({ id }) => id)), new Set([session.id]));
  await next.sessions.apply(USER, session.id);
  await lookAfter(next);
  await requireOnlyHeld(next);
  assert.equal((await next.sessions.readFile(USER, session.id, FILE)).content, WRITTEN);
});

test('what is asked while a session is taken up waits for it, and is then done', async () => {
  const { world, store, session } = await killedAt(ACTS['an apply'] as Act, 1, 'before');
  const { sessions } = await sessionWorld({ ...EASY, after: world, store });
  await sessions.resume();
  assert.equal(sessions.get(USER, session.id).state, 'ready');
  const [file, files, { shell }] = await Promise.all([
    sessions.readFile(USER, session.id, FILE),
    sessions.files(USER, session.id),
    sessions.terminal(USER, session.id, 'workbench'),
  ]);
  assert.equal(file.content, WRITTEN);
  assert.ok(files.length > 0 && shell.length > 0);
});

test('a service that crashed while no runner was there and does not come up again costs nothing else', async () => {
  const { world, store, session } = await killedAt(ACTS['an apply'] as Act, 1, 'before');
  const { containers } = await world.memory.list({ [LABEL.session]: session.id, [LABEL.role]: 'service' });
  const gateway = containers.find(({ labels }) => labels[LABEL.position] === 'gateway');
  await world.memory.removeContainer(gateway?.id ?? '');
  let refusing = true;
  const next = await nextRunner(world, store, {
    between: (engine) =>
      aroundCalls(engine, (call, spec) => {
        const { name = '' } = (spec ?? {}) as Partial<ContainerSpec>;
        if (refusing && call === 'createContainer' && name.includes('gateway')) throw refused(`create ${name}`, 'no');
      }),
  });
  assert.equal(next.sessions.get(USER, session.id).state, 'ready');
  assert.match(next.warnings.join(), /taken up without all that was deployed/);
  refusing = false;
  assert.deepEqual((await next.sessions.apply(USER, session.id)).changed, ['gateway']);
  await requireDeployed(next, session);
});

test('files of a deployment that was cut short do not get into the next one', async () => {
  const cut = async (at: number, when: Death) => {
    const store = await temporaryStore();
    const runner = mortal();
    const world = await sessionWorld({ ...EASY, between: runner.engine, store: runner.store(store) });
    const session = await world.start();
    const path = 'gateway/extra.ts';
    await world.sessions.writeFile(USER, session.id, { path, content: '// taken back\n', version: null });
    runner.dieAt(at, when);
    await Promise.race([world.sessions.apply(USER, session.id), runner.died]);
    runner.die();
    const next = await nextRunner(world, store);
    await next.sessions.reset(USER, session.id, { file: path });
    await edit(next, session, FILE, WRITTEN);
    await next.sessions.apply(USER, session.id);
    const [text] = await served(next, session, 'gateway', path);
    assert.match(text ?? '', /No such file/, `killed ${when} call ${at}`);
    return runner.calls().length;
  };
  const count = await cut(0, 'before');
  await Promise.all(Array.from({ length: count }, (_, index) => cut(index + 1, 'after')));
});
