import type { DrydockError } from '#contract';

/** A page for a person who followed a link: what happened, why, what to do. */
export function problemPage(error: Pick<DrydockError, 'title' | 'message' | 'hint'>): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(error.title)} · Drydock</title>
<h1>${escapeHtml(error.title)}</h1>
<p>${escapeHtml(error.message)}</p>
<p>${escapeHtml(error.hint)}</p>
<p><a href="/">Go to the start page</a></p>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
