import { describe } from 'node:test';
import { engineContainers } from './engine-containers.ts';
import { type EngineUnderTest, engineFixture } from './engine-fixture.ts';
import { engineNetworks } from './engine-networks.ts';
import { engineStreams } from './engine-streams.ts';
import { engineVolumes } from './engine-volumes.ts';

/** The behaviour every implementation of the engine port has, run against one of them. */
export function engineSuite(title: string, subject: EngineUnderTest): void {
  describe(title, () => {
    const fixture = engineFixture(subject);
    engineNetworks(fixture);
    engineContainers(fixture);
    engineVolumes(fixture);
    engineStreams(fixture);
  });
}
