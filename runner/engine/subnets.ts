import { DrydockError } from '#contract';
import { formatAddress, parseCidr, type Range } from './cidr.ts';

export interface SubnetPool {
  /**
   * A block that overlaps neither with anything in `inUse` (CIDRs of any prefix length; IPv6 is passed over) nor
   * with a block reserved and not yet released. Throws DrydockError `no-capacity` when none is left.
   */
  reserve(inUse: readonly string[]): string;
  /** Gives a reservation back; what is not reserved is passed over. */
  release(subnet: string): void;
}

/** Blocks of `prefix` out of `base`, handed out round robin so that a block just given back rests the longest. */
export function subnetPool(
  { base, prefix }: { base: string; prefix: number } = { base: '10.213.0.0/16', prefix: 28 },
): SubnetPool {
  const whole = baseOf(base, prefix);
  const size = 2 ** (32 - prefix);
  const count = 2 ** (prefix - whole.prefix);
  const reserved = new Set<number>();
  let next = 0;

  /** Which blocks are taken: marked once per call, so that a crowded engine costs no more than an empty one. */
  function taken(inUse: readonly string[]): Uint8Array {
    const blocks = new Uint8Array(count);
    for (const block of reserved) blocks[block] = 1;
    for (const text of inUse) {
      const range = parseCidr(text);
      if (!range) continue;
      const from = Math.max(0, Math.floor((range.first - whole.first) / size));
      const to = Math.min(count - 1, Math.floor((range.last - whole.first) / size));
      if (from <= to) blocks.fill(1, from, to + 1);
    }
    return blocks;
  }

  return {
    reserve(inUse) {
      const blocks = taken(inUse);
      for (let step = 0; step < count; step++) {
        const block = (next + step) % count;
        if (blocks[block]) continue;
        reserved.add(block);
        next = (block + 1) % count;
        return `${formatAddress(whole.first + block * size)}/${prefix}`;
      }
      throw new DrydockError('no-capacity', `All ${count} networks of ${base} are in use.`);
    },
    release(subnet) {
      const range = parseCidr(subnet);
      if (range?.prefix === prefix) reserved.delete((range.first - whole.first) / size);
    },
  };
}

function baseOf(base: string, prefix: number): Range {
  const range = parseCidr(base);
  if (!range || prefix < range.prefix || prefix > 30) throw new Error(`no /${prefix} blocks in ${base}`);
  return range;
}
