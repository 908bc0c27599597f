import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { DrydockError } from '#contract';
import { dockerEngine } from '../../runner/engine/docker/docker-engine.ts';
import { imageTags } from '../../runner/engine/images/image-tags.ts';
import { openPostgresStore } from '../../runner/store/postgres/open-postgres-store.ts';
import { named } from '../suites/engine-fixture.ts';
import { attempt } from '../suites/store-fixture.ts';
import { storeSuite } from '../suites/store-suite.ts';
import { askPostgres, postgresServer } from './support/postgres-server.ts';

const { postgres: image = '' } = await imageTags(join(import.meta.dirname, '../..'));
const missing = await whyNot();

if (missing) test('the store on PostgreSQL', { skip: missing }, () => undefined);
else await onPostgres();

async function onPostgres(): Promise<void> {
  const server = await postgresServer(image);
  after(() => server[Symbol.asyncDispose]());
  const { url } = server;
  const open = () => openPostgresStore({ url });
  const ask = (sql: string) => askPostgres(url, sql);

  storeSuite('the store on PostgreSQL', { open, ask });

  test('a database that drops every connection is used again once it answers', async () => {
    await using store = await open();
    await store.addAttempts([attempt('dropped')]);
    await ask(
      'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and usename is not null',
    );
    // Each connection that broke may be noticed at its next use; nothing else than store-failed may come of it.
    let failed = 0;
    for (let saved = false; !saved; ) {
      saved = await store.addAttempts([attempt('dropped')]).then(
        () => true,
        (error) => {
          assert.ok(error instanceof DrydockError && error.name === 'store-failed', `${error}`);
          assert.ok(++failed < 20, 'it never works again');
          return false;
        },
      );
    }
    assert.equal((await store.attempts('dropped')).length, 2);
  });

  test('a database of a newer version is refused', async () => {
    await ask("insert into kysely_migration values ('0999-later', '2030-01-01T00:00:00.000Z')");
    await assert.rejects(open(), named('environment', /newer Drydock.*0999-later/));
    await ask("delete from kysely_migration where name = '0999-later'");
    await (await open())[Symbol.asyncDispose]();
  });

  test('a database that does not answer, and a backup of one, say what to do', async () => {
    await assert.rejects(
      openPostgresStore({ url: 'postgres://x:y@127.0.0.1:9/z' }),
      named('store-failed', /127\.0\.0\.1:9/),
    );
    await using store = await open();
    await assert.rejects(store.backup('/nowhere'), named('usage', /backups of its own/));
  });
}

async function whyNot(): Promise<string | null> {
  try {
    return (await dockerEngine().image(image))
      ? null
      : `the image ${image} is not there; "./drydock images build" makes it`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
