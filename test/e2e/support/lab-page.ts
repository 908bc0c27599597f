import type { Page } from 'playwright-core';
import { untilText } from './until-text.ts';

/** The workspace page as a learner meets it: by the names a screen reader would read out. */
export function labPage(page: Page) {
  const terminal = page.getByRole('region', { name: 'Terminal: workbench' });
  const row = page.getByRole('banner');
  const input = terminal.getByRole('textbox');
  const screen = terminal.getByRole('list');

  /** Waits for the prompt, types one line into the shell, and Enter. */
  async function type(line: string) {
    await untilText(screen, /workbench \S+ \$\s*$/);
    await input.focus();
    await page.keyboard.type(line);
    await page.keyboard.press('Enter');
  }

  const editor = (path: string) => page.getByRole('textbox', { name: `Editor: ${path}` });
  const open = (path: string) =>
    page.getByRole('navigation', { name: 'Files' }).getByRole('button', { name: path }).click();

  return {
    editor,
    open,
    connection: page.getByRole('status', { name: 'Connection' }),
    evidence: page.getByRole('region', { name: 'Evidence' }),
    verdict: (task: string) => page.getByRole('article', { name: `Verdict: ${task}` }),
    task: (title: string) => page.getByRole('article', { name: title, exact: true }),
    press: (name: 'Apply' | 'Check' | 'Stop the lab') => row.getByRole('button', { name, exact: true }).click(),
    said: row.locator('.said'),
    screen,

    type,
    /** Empties the screen and waits until it shows a prompt alone, so that what is read next is new. */
    async clear() {
      await type('clear');
      await untilText(screen, /^\s*workbench \S+ \$\s*$/);
    },
    /** Lets the terminal keep its lines as text, as a learner with a screen reader does; the drawing is only pixels. */
    async readAloud() {
      await terminal.getByText('connected', { exact: true }).waitFor();
      await terminal.getByRole('button', { name: 'Screen reader' }).click();
    },
    /** Replaces a file's text in the editor and saves it. */
    async edit(path: string, text: string) {
      await open(path);
      await editor(path).click();
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.insertText(text);
      await page.keyboard.press('ControlOrMeta+S');
    },
  };
}
