import type { Locator } from 'playwright-core';

const EVERY_MS = 50;

/** Waits until the element's text matches; on a timeout the error shows the text it had. */
export async function untilText(element: Locator, wanted: RegExp, withinMs = 15_000): Promise<RegExpExecArray> {
  const until = performance.now() + withinMs;
  await element.first().waitFor({ state: 'attached', timeout: withinMs });
  for (;;) {
    const text = await element.first().innerText();
    const found = wanted.exec(text);
    if (found) return found;
    if (performance.now() > until) throw new Error(`${wanted} did not appear within ${withinMs} ms in:\n${text}`);
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}
