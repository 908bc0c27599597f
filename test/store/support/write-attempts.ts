// Adds attempts for ever and says the number of each once it is acknowledged: on standard output, one a line. With
// `early`, the control, it says so a little before.
import { writeSync } from 'node:fs';
import { openStore } from '../../../runner/store/open-store.ts';
import { attempt } from '../../suites/store-fixture.ts';

const [file = '', first = '0', early] = process.argv.slice(2);
const AHEAD = 20;
const store = await openStore({ file });
const say = (number: number) => writeSync(1, `${number}\n`);

for (let number = Number(first); ; number++) {
  if (early) say(number + AHEAD);
  await store.addAttempts([attempt('session', { at: number })]);
  if (!early) say(number);
}
