import { createHmac } from 'node:crypto';

export interface Random {
  /** `bytes` random bytes in hexadecimal. */
  hex(bytes: number): string;
  /** An integer from 0 up to, not including, `below` (at most 2^32). */
  int(below: number): number;
  /** Eight lower-case letters that can be spoken. */
  word(): string;
  pick<T>(items: readonly T[]): T;
  shuffle<T>(items: readonly T[]): T[];
}

const CONSONANTS = 'bdfgklmnprstvz';
const VOWELS = 'aeiou';

/** Everything random in a run, drawn from its seed: block n is HMAC-SHA-256(seed, "label/n"). The same seed repeats a run. */
export function seededRandom(seed: string, label: string): Random {
  let block = 0;
  let left: Buffer = Buffer.alloc(0);
  const take = (count: number): Buffer => {
    while (left.length < count)
      left = Buffer.concat([left, createHmac('sha256', seed).update(`${label}/${block++}`).digest()]);
    const taken = left.subarray(0, count);
    left = left.subarray(count);
    return taken;
  };
  const int = (below: number) => Math.floor((take(4).readUInt32BE() / 2 ** 32) * below);
  const pick = <T>(items: readonly T[]): T => {
    if (items.length === 0) throw new Error('nothing to pick from');
    return items[int(items.length)] as T;
  };
  const shuffle = <T>(items: readonly T[]): T[] => {
    const result = [...items];
    for (let last = result.length - 1; last > 0; last--) {
      const other = int(last + 1);
      [result[last], result[other]] = [result[other] as T, result[last] as T];
    }
    return result;
  };
  const word = () => Array.from({ length: 4 }, () => pick([...CONSONANTS]) + pick([...VOWELS])).join('');
  return { hex: (bytes) => take(bytes).toString('hex'), int, word, pick, shuffle };
}
