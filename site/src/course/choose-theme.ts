const KEY = 'starlight-theme';

/** Ties a `<select>` of '', 'light' and 'dark' to the page's colours and remembers the choice. */
export function chooseTheme(select: HTMLSelectElement): void {
  select.value = localStorage.getItem(KEY) ?? '';
  select.addEventListener('change', () => {
    if (select.value === '') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, select.value);
    document.documentElement.dataset['theme'] = select.value === '' ? systemTheme() : select.value;
  });
}

function systemTheme(): string {
  return matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark';
}
