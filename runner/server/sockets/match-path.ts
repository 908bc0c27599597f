/** The `:id` of a path like /api/sessions/:id/terminal; undefined when the address is another. */
export function matchPath(pattern: string, url: string | undefined): string | undefined {
  const [path = ''] = (url ?? '').split('?');
  const [before = '', after = ''] = pattern.split(':id');
  if (!path.startsWith(before) || !path.endsWith(after) || path.length <= before.length + after.length)
    return undefined;
  const id = path.slice(before.length, path.length - after.length);
  return id.includes('/') ? undefined : id;
}
