import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '../../runner/core/ports/store.ts';
import { openStore } from '../../runner/store/open-store.ts';

/** In memory where the machine offers it: waiting for a disk shows nothing here, and test/store waits for it. */
const PLACE = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
let folder: string | null = null;
let made = 0;

/** The real store, empty, in a file that goes with the process. */
export function temporaryStore(): Promise<Store> {
  folder ??= temporaryFolder();
  return openStore({ file: join(folder, `${made++}.sqlite`) });
}

function temporaryFolder(): string {
  const path = mkdtempSync(join(PLACE, 'drydock-store-'));
  process.on('exit', () => rmSync(path, { recursive: true, force: true }));
  return path;
}
