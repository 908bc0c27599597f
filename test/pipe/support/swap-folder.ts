// Makes a folder a link to another and back, as fast as it goes. Whoever makes a folder in its place meanwhile loses it.
import { renameSync, rmSync, symlinkSync } from 'node:fs';

const [place = '', outside = ''] = process.argv.slice(2);

function move(from: string, to: string): void {
  for (;;) {
    if (tried(() => renameSync(from, to))) return;
    tried(() => rmSync(to, { recursive: true, force: true }));
  }
}

function tried(act: () => void): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}

symlinkSync(outside, `${place}.link`);
process.stdout.write('ready\n');
for (;;) {
  move(place, `${place}.folder`);
  move(`${place}.link`, place);
  move(place, `${place}.link`);
  move(`${place}.folder`, place);
}
