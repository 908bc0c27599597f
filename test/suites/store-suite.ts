import { describe } from 'node:test';
import { storeAttempts } from './store-attempts.ts';
import { type StoreUnderTest, storeFixture } from './store-fixture.ts';
import { storeSessions } from './store-sessions.ts';
import { storeSignIns } from './store-sign-ins.ts';
import { storeSnapshots } from './store-snapshots.ts';

/** The behaviour every implementation of the store's port has, run against one of them. */
export function storeSuite(title: string, subject: StoreUnderTest): void {
  describe(title, async () => {
    const fixture = await storeFixture(subject);
    storeSessions(fixture);
    storeAttempts(fixture);
    storeSnapshots(fixture);
    storeSignIns(fixture);
  });
}
