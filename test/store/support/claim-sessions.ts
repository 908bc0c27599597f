// Waits for a line, so that two of these begin together; then claims one session 20 times at once, and prints each
// claim as a line: its id, and whether it was made.
import { once } from 'node:events';
import { openStore } from '../../../runner/store/open-store.ts';
import { sessionRecord } from '../../suites/store-fixture.ts';

const [file = '', name = ''] = process.argv.slice(2);
await using store = await openStore({ file });
process.stdout.write('ready\n');
await once(process.stdin, 'data');
const claims = await Promise.all(
  Array.from({ length: 20 }, (_, i) => store.claimSession('user', 'lab', () => sessionRecord({ id: `${name}-${i}` }))),
);
for (const { session, made } of claims) process.stdout.write(`${session.id} ${made}\n`);
process.stdin.destroy();
