import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { APP, LABEL } from '../../../runner/core/labels/labels.ts';
import { DEFAULT_ADDRESS } from '../../../runner/engine/connect.ts';
import { client } from '../../../runner/engine/docker/client.ts';

const READY_WITHIN_MS = 30_000;
/** As labs/images/postgres/postgres-start does it, without a lab around. */
const START = `
set -e
cp -R /opt/drydock/postgres-template /tmp/main && chmod 0700 /tmp/main
echo "ALTER ROLE postgres PASSWORD '$PASSWORD'" | postgres --single -D /tmp/main postgres >/dev/null
exec postgres -D /tmp/main -c wal_level=minimal`;

export interface PostgresServer extends AsyncDisposable {
  readonly url: string;
}

/** A PostgreSQL with an empty database, that this host alone knows the password of. */
export async function postgresServer(image: string): Promise<PostgresServer> {
  const password = randomBytes(16).toString('hex');
  const { docker } = client(DEFAULT_ADDRESS);
  const container = await docker.createContainer({
    Image: image,
    Cmd: ['/bin/sh', '-c', START],
    Env: [`PASSWORD=${password}`],
    Labels: { [LABEL.app]: APP, [LABEL.owner]: `test-${randomBytes(4).toString('hex')}` },
    HostConfig: { Tmpfs: { '/tmp': 'size=512m,mode=1777' }, NetworkMode: 'bridge' },
  });
  const remove = () => container.remove({ force: true, v: true });
  try {
    await container.start();
    const { NetworkSettings } = await container.inspect();
    const address = NetworkSettings.Networks['bridge']?.IPAddress;
    const url = `postgres://postgres:${password}@${address}:5432/postgres`;
    await ready(url);
    return { url, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function ready(url: string): Promise<void> {
  for (const until = Date.now() + READY_WITHIN_MS; ; await pause(100)) {
    try {
      await askPostgres(url, 'select 1');
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
    }
  }
}

export async function askPostgres(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const connection = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  await connection.connect();
  try {
    return (await connection.query(sql)).rows;
  } finally {
    await connection.end();
  }
}
