import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { CliContext } from '../../../runner/cli/context.ts';
import { engineApi } from './engine-api.ts';
import { BOOT, everyRight } from './every-right.ts';
import { machineImage } from './machine-image.ts';

export interface MachineOptions {
  /** It can run an engine of its own, on a disk of its own. */
  readonly engine?: boolean;
  /** Mount point → size, as in "50m". */
  readonly small?: Readonly<Record<string, string>>;
  /** Path here → path there, read-only. */
  readonly shown?: Readonly<Record<string, string>>;
}

export interface Ran {
  readonly code: number;
  readonly output: string;
}

export interface FreshMachine extends AsyncDisposable {
  /** Runs a shell line; both outputs come together. */
  run(line: string, options?: { user?: string; environment?: readonly string[] }): Promise<Ran>;
  readonly pid: number;
  /** Where this machine reaches it. */
  readonly address: string;
}

const LABEL = 'drydock.test';
const CERTIFICATES = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'GIT_SSL_CAINFO', 'CURL_CA_BUNDLE'];
const CERTIFICATES_THERE = '/run/certificates.crt';

/** A new machine: a container with an old Node, npm and git, and nothing of ours. */
export async function freshMachine(context: CliContext, options: MachineOptions = {}): Promise<FreshMachine> {
  const { call, send } = engineApi(context.engine.address);
  const trust = trusted(context.environment);
  const shown = { ...options.shown, ...(trust ? { [trust.file]: CERTIFICATES_THERE } : {}) };
  const { Id: id } = await call<{ Id: string }>('POST', '/containers/create', {
    Image: await machineImage(context, () => {}),
    Env: trust?.names.map((name) => `${name}=${CERTIFICATES_THERE}`) ?? [],
    Labels: { [LABEL]: 'fresh' },
    Hostname: 'newcomer',
    ...(options.engine ? { Cmd: ['/bin/bash', '-ec', BOOT] } : {}),
    HostConfig: {
      Init: true,
      ...(options.engine ? everyRight() : {}),
      Tmpfs: Object.fromEntries(Object.entries(options.small ?? {}).map(([path, size]) => [path, `size=${size}`])),
      Mounts: [
        ...Object.entries(shown).map(([Source, Target]) => ({ Type: 'bind', Source, Target, ReadOnly: true })),
        ...(options.engine ? [{ Type: 'volume', Target: '/var/lib/docker' }] : []),
      ],
    },
  });
  const remove = async () => void (await send('DELETE', `/containers/${id}?force=true&v=true`));
  try {
    await call('POST', `/containers/${id}/start`);
    const { State, NetworkSettings } = await call<{
      State: { Pid: number };
      NetworkSettings: { Networks: Record<string, { IPAddress: string }> };
    }>('GET', `/containers/${id}/json`);
    const address = Object.values(NetworkSettings.Networks)[0]?.IPAddress ?? '';
    return { run, pid: State.Pid, address, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }

  async function run(line: string, { user = 'root', environment = [] as readonly string[] } = {}): Promise<Ran> {
    const home = user === 'root' ? '/root' : `/home/${user}`;
    // A terminal makes both outputs one stream; TERM=dumb and CI keep everybody from drawing on it.
    const { Id } = await call<{ Id: string }>('POST', `/containers/${id}/exec`, {
      Cmd: ['/bin/bash', '-c', line],
      User: user,
      WorkingDir: home,
      Env: [`HOME=${home}`, 'TERM=dumb', 'CI=true', ...environment],
      Tty: true,
      AttachStdout: true,
      AttachStderr: true,
    });
    const answer = await send('POST', `/exec/${Id}/start`, { Detach: false, Tty: true });
    const output = Buffer.concat(await answer.toArray())
      .toString('utf8')
      .replaceAll('\r\n', '\n');
    for (;;) {
      const { Running, ExitCode } = await call<{ Running: boolean; ExitCode: number | null }>(
        'GET',
        `/exec/${Id}/json`,
      );
      if (!Running) return { code: ExitCode ?? -1, output };
      await pause(50);
    }
  }
}

/** Removes what earlier runs that were killed left behind. */
export async function removeFreshMachines(context: CliContext): Promise<void> {
  const { call, send } = engineApi(context.engine.address);
  const filters = encodeURIComponent(JSON.stringify({ label: [`${LABEL}=fresh`] }));
  const left = await call<{ Id: string }[]>('GET', `/containers/json?all=true&filters=${filters}`);
  await Promise.all(left.map(({ Id }) => send('DELETE', `/containers/${Id}?force=true&v=true`)));
}

/** The authorities this machine trusts beyond the usual, where a registry is behind one. */
function trusted(environment: NodeJS.ProcessEnv): { file: string; names: string[] } | null {
  const names = CERTIFICATES.filter((name) => environment[name] && existsSync(environment[name]));
  const file = environment[names[0] ?? ''];
  return file ? { file, names } : null;
}
