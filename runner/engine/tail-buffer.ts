/** Keeps the last `limit` bytes of what is pushed; holds at most twice that. */
export function tailBuffer(limit: number) {
  let parts: Buffer[] = [];
  let size = 0;
  const last = () => {
    const all = Buffer.concat(parts);
    return all.subarray(Math.max(0, all.length - limit));
  };
  return {
    push(bytes: Uint8Array): void {
      parts.push(Buffer.from(bytes));
      size += bytes.length;
      if (size <= 2 * limit) return;
      parts = [Buffer.from(last())];
      size = limit;
    },
    text: (): string => last().toString('utf8'),
  };
}
