import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { overlaps, parseCidr } from '../../runner/engine/cidr.ts';
import { subnetPool } from '../../runner/engine/subnets.ts';
import { named } from '../suites/engine-fixture.ts';

const address = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((parts) => parts.join('.'));
/** Blocks anywhere, and many in and around our own pool, of every prefix length. */
const inUse = fc.array(
  fc
    .oneof(
      fc.tuple(address, fc.integer({ min: 8, max: 32 })),
      fc.tuple(
        fc.tuple(fc.nat(255), fc.nat(255)).map(([c, d]) => `10.213.${c}.${d}`),
        fc.integer({ min: 17, max: 32 }),
      ),
    )
    .map(([ip, prefix]) => `${ip}/${prefix}`),
  { maxLength: 40 },
);

const range = (cidr: string) => {
  const parsed = parseCidr(cidr);
  assert.ok(parsed, cidr);
  return parsed;
};

test('N7 a block handed out overlaps with nothing in use, whatever its prefix, and with no other block', () => {
  fc.assert(
    fc.property(inUse, fc.integer({ min: 1, max: 30 }), (used, count) => {
      const pool = subnetPool();
      const got: string[] = [];
      try {
        for (let i = 0; i < count; i++) got.push(pool.reserve(used));
      } catch (error) {
        // Only a pool that is covered may run out; count what is left by hand.
        assert.ok(named('no-capacity')(error), String(error));
        return;
      }
      for (const [i, one] of got.entries()) {
        assert.equal(range(one).prefix, 28);
        assert.ok(overlaps(range(one), range('10.213.0.0/16')));
        for (const other of [...used, ...got.slice(0, i)])
          assert.ok(!overlaps(range(one), range(other)), `${one} and ${other}`);
      }
    }),
  );
});

test('N7 all 4096 networks are handed out, then there is no capacity, and one given back is handed out again', () => {
  const pool = subnetPool();
  const all = new Set(Array.from({ length: 4096 }, () => pool.reserve([])));
  assert.equal(all.size, 4096);
  assert.throws(() => pool.reserve([]), named('no-capacity', /4096/));
  pool.release('10.213.7.32/28');
  assert.equal(pool.reserve([]), '10.213.7.32/28');
});

test('releasing what was never reserved, or is none of ours, changes nothing', () => {
  const pool = subnetPool({ base: '10.213.0.0/30', prefix: 30 });
  const only = pool.reserve([]);
  for (const foreign of ['10.213.0.0/28', '10.1.0.0/30', 'nonsense']) pool.release(foreign);
  assert.throws(() => pool.reserve([]), named('no-capacity'));
  pool.release(only);
  assert.equal(pool.reserve([]), only);
});

test('a block just given back rests while others are free', () => {
  const pool = subnetPool({ base: '10.213.0.0/26', prefix: 28 });
  const first = pool.reserve([]);
  pool.release(first);
  assert.notEqual(pool.reserve([]), first);
});

test('IPv6 networks and networks without an address are passed over', () => {
  assert.equal(subnetPool().reserve(['fd00::/64', '', '300.1.1.1/8', '10.0.0.0/33']), '10.213.0.0/28');
});
