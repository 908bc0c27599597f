import { access, constants, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** What decides how an engine comes to be here. */
export interface Machine {
  readonly root: boolean;
  readonly user: string;
  /** Debian or one of its family: apt-get and Debian's package names. */
  readonly debian: boolean;
  /** As the system calls itself. */
  readonly system: string;
  readonly systemd: boolean;
  readonly engineInstalled: boolean;
}

/** `files`: where to read, for tests; the defaults are the machine's own. */
export async function readMachine(
  who: { uid: number; user: string; environment: NodeJS.ProcessEnv },
  files = { osRelease: '/etc/os-release', systemd: '/run/systemd/system' },
): Promise<Machine> {
  const release = parseOsRelease(await readFile(files.osRelease, 'utf8').catch(() => ''));
  return {
    root: who.uid === 0,
    user: who.user,
    debian: [release.ID, ...(release.ID_LIKE ?? '').split(' ')].some((id) => id === 'debian' || id === 'ubuntu'),
    system: release.PRETTY_NAME ?? release.ID ?? 'an unknown system',
    systemd: await access(files.systemd).then(
      () => true,
      () => false,
    ),
    engineInstalled: (await findProgram('dockerd', who.environment)) !== null,
  };
}

/** os-release(5): KEY=value, shell quoting. */
export function parseOsRelease(text: string): Partial<Record<string, string>> {
  const pairs = text.matchAll(/^([A-Z_]+)=(?:"([^"]*)"|'([^']*)'|(.*))$/gm);
  return Object.fromEntries(
    [...pairs].map(([, key = '', double, single, bare]) => [key, double ?? single ?? bare ?? '']),
  );
}

/** Looks along PATH, and in the folders a plain user's PATH leaves out. */
export async function findProgram(name: string, environment: NodeJS.ProcessEnv): Promise<string | null> {
  const folders = [...(environment.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin', '/usr/local/sbin'];
  for (const folder of folders.filter(Boolean)) {
    const path = join(folder, name);
    if (
      await access(path, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  return null;
}
