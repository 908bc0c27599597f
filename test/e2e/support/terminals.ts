import type { Page } from 'playwright-core';
import { untilText } from './until-text.ts';

/** The terminals of the workspace by their tabs. */
export function terminals(page: Page) {
  const region = (label: string) => page.getByRole('region', { name: `Terminal: ${label}`, exact: true });
  const screen = (label: string) => region(label).getByRole('list');
  const connected = (label: string) => region(label).getByText('connected', { exact: true }).waitFor();

  return {
    screen,
    async show(label: string) {
      await page.getByRole('tab', { name: new RegExp(`^${label},`) }).click();
      await connected(label);
      await region(label).getByRole('textbox').focus();
    },
    /** One more in this target; it has the keyboard afterwards. */
    async open(target: string) {
      await page.getByRole('button', { name: 'New terminal' }).click();
      await page.getByRole('menuitem', { name: target, exact: true }).click();
      await page
        .getByRole('region', { name: `Terminal: ${target}` })
        .getByText('connected', { exact: true })
        .waitFor();
      await untilText(page.getByRole('region', { name: `Terminal: ${target}` }).getByRole('list'), /\$\s*$/);
    },
    /** Into whichever terminal has the keyboard. */
    typeRaw: (text: string) => page.keyboard.type(text),
  };
}
