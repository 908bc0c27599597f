/** Where two JSON values differ, as `path: then → now`; empty when they are the same. */
export function differences(then: unknown, now: unknown, path = ''): string[] {
  if (isObject(then) && isObject(now)) {
    const keys = [...new Set([...Object.keys(then), ...Object.keys(now)])].sort();
    return keys.flatMap((key) => differences(then[key], now[key], path === '' ? key : `${path}.${key}`));
  }
  const [before, after] = [JSON.stringify(then) ?? 'absent', JSON.stringify(now) ?? 'absent'];
  return before === after ? [] : [`${path}: ${before} → ${after}`];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Array.isArray(value) === false;
}
