import assert from 'node:assert/strict';
import { overlaps, parseCidr } from '../../runner/engine/cidr.ts';
import { type EngineFixture, named, test } from './engine-fixture.ts';

export function engineNetworks({ engine, labels, network, running, container }: EngineFixture): void {
  test('a network is listed by its labels and its subnet is among those in use', async () => {
    const { id, spec } = await network();
    const { networks } = await engine.list(labels);
    assert.deepEqual(
      networks.find((one) => one.id === id),
      { id, name: spec.name, labels },
    );
    assert.ok((await engine.subnets()).includes(spec.subnet));
    await engine.removeNetwork(id);
    assert.ok(!(await engine.subnets()).includes(spec.subnet));
  });

  test('a subnet that overlaps with one in use is refused', async () => {
    const { spec } = await network();
    await assert.rejects(network({ subnet: spec.subnet }), named('engine-refused', /overlaps/));
  });

  test('a network name in use is refused', async () => {
    const { spec } = await network();
    await assert.rejects(network({ name: spec.name }), named('engine-refused', /already exists/));
  });

  test('a network is not removed from under a running container, and is once that is gone', async () => {
    const { id, spec } = await network();
    const box = await running({
      network: { kind: 'own', network: spec.name },
      endpoints: [{ network: spec.name, aliases: [] }],
    });
    await assert.rejects(engine.removeNetwork(id), named('engine-refused', /active endpoints/));
    await engine.removeContainer(box);
    await engine.removeNetwork(id);
  });

  test('removing a network that is not there succeeds', async () => {
    const { id } = await network();
    await engine.removeNetwork(id);
    await engine.removeNetwork(id);
  });

  test('a container on two networks has an address in each subnet, and none before it runs', async () => {
    const [one, other] = [await network(), await network()];
    const endpoints = [one, other].map(({ spec }) => ({ network: spec.name, aliases: ['web'] }));
    const box = await container({ network: { kind: 'own', network: one.spec.name }, endpoints, hostname: 'web' });
    assert.deepEqual((await engine.inspectContainer(box))?.addresses, {});
    await engine.startContainer(box);
    const addresses = (await engine.inspectContainer(box))?.addresses ?? {};
    assert.equal(Object.keys(addresses).length, 2);
    for (const { spec } of [one, other]) {
      const [address, subnet] = [parseCidr(`${addresses[spec.name]}/32`), parseCidr(spec.subnet)];
      assert.ok(address && subnet && overlaps(address, subnet), `${addresses[spec.name]} in ${spec.subnet}`);
    }
  });

  test('a container joins the namespace of a running holder, and cannot join one that does not run', async () => {
    const { spec } = await network();
    const endpoints = [{ network: spec.name, aliases: [] }];
    const holder = await container({ network: { kind: 'own', network: spec.name }, endpoints });
    const joined = await container({ network: { kind: 'joined', container: holder } });
    await assert.rejects(engine.startContainer(joined), named('engine-refused', /non running/));
    await engine.startContainer(holder);
    await engine.startContainer(joined);
    const state = await engine.inspectContainer(joined);
    assert.equal(state?.running, true);
    assert.deepEqual(state?.addresses, {});
  });
}
