import { CamelCasePlugin, type Dialect, Kysely } from 'kysely';
import { DrydockError } from '#contract';
import type { Store } from '../core/ports/store.ts';
import { explaining } from './explaining.ts';
import type { Flavour } from './flavour.ts';
import { migrate } from './migrate.ts';
import { addAttempts, attempts } from './repositories/attempts.ts';
import { writeProbe } from './repositories/probe.ts';
import { changeSession, claimSession, removeSession, sessions } from './repositories/sessions.ts';
import { addSignIn, removeSignIn, signIns } from './repositories/sign-ins.ts';
import { readSnapshot, saveSnapshot } from './repositories/snapshots.ts';
import { changeTask, tasks } from './repositories/tasks.ts';
import type { Schema } from './schema.ts';

export interface StoreParts {
  readonly dialect: Dialect;
  readonly flavour: Flavour;
  readonly clock: () => number;
  /** Which database it is, for messages. */
  readonly name: string;
}

/** Brings the database to this version, makes sure it can be written, and answers the store on it. */
export async function createStore({ dialect, flavour, clock, name }: StoreParts): Promise<Store> {
  const db = new Kysely<Schema>({ dialect, plugins: [new CamelCasePlugin()] });
  const running = new Set<Promise<unknown>>();
  let closed = false;

  function run<T>(work: () => Promise<T>): Promise<T> {
    if (closed) return Promise.reject(new DrydockError('store-failed', `${name} is closed: the runner is ending.`));
    const promise = explaining(name, flavour.explain, work);
    running.add(promise);
    const done = () => running.delete(promise);
    promise.then(done, done);
    return promise;
  }

  async function close(): Promise<void> {
    closed = true;
    await Promise.allSettled(running);
    await db.destroy();
  }

  try {
    await explaining(name, flavour.explain, async () => {
      await migrate(db, flavour.columns, name);
      await writeProbe(db, clock());
    });
  } catch (error) {
    await close();
    throw error;
  }

  return {
    claimSession: (user, lab, fresh) => run(() => claimSession(db, user, lab, fresh)),
    changeSession: (id, change) => run(() => changeSession(db, id, change)),
    sessions: () => run(() => sessions(db)),
    removeSession: (id) => run(() => removeSession(db, flavour, id)),
    tasks: (session) => run(() => tasks(db, session)),
    changeTask: (session, task, change) => run(() => changeTask(db, session, task, change)),
    addAttempts: (added) => run(() => addAttempts(db, added)),
    attempts: (session) => run(() => attempts(db, session)),
    saveSnapshot: (session, kind, snapshot) => run(() => saveSnapshot(db, flavour, session, kind, snapshot)),
    snapshot: (session, kind) => run(() => readSnapshot(db, session, kind)),
    addSignIn: (signIn) => run(() => addSignIn(db, signIn, clock())),
    signIns: () => run(() => signIns(db)),
    removeSignIn: (key) => run(() => removeSignIn(db, key)),
    backup: (file) => run(() => flavour.backup(file)),
    probe: () => run(() => writeProbe(db, clock())),
    [Symbol.asyncDispose]: close,
  };
}
