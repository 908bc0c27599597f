interface Found {
  readonly url: string;
  readonly excerpt: string;
  readonly meta: { readonly title?: string };
}
interface Index {
  search(words: string): Promise<{ results: { data(): Promise<Found> }[] }>;
}

/** Wires the search button and dialog of the page; the index is fetched when the dialog first opens. */
export function search(page: Document): void {
  const open = page.querySelector<HTMLButtonElement>('[data-search-open]');
  const dialog = page.querySelector<HTMLDialogElement>('[data-search-dialog]');
  const input = dialog?.querySelector('input');
  const note = page.querySelector('[data-search-note]');
  const results = page.querySelector('[data-search-results]');
  if (!open || !dialog || !input || !note || !results) return;

  let index: Promise<Index> | undefined;
  const show = () => {
    index ??= loadIndex();
    dialog.showModal();
    input.select();
  };
  const find = async () => {
    const words = input.value.trim();
    if (words === '') return void results.replaceChildren();
    try {
      const found = (await (await index)?.search(words))?.results ?? [];
      const pages = await Promise.all(found.slice(0, 8).map((one) => one.data()));
      if (words !== input.value.trim()) return;
      note.textContent = pages.length === 0 ? `Nothing found for “${words}”.` : `${found.length} found`;
      results.replaceChildren(...pages.map((one) => resultItem(page, one)));
    } catch {
      note.textContent = 'The search index did not load. Reload the page to try again.';
    }
  };

  open.hidden = false;
  open.addEventListener('click', show);
  input.addEventListener('input', () => void find());
  page.addEventListener('keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key !== 'k') return;
    event.preventDefault();
    show();
  });
}

async function loadIndex(): Promise<Index> {
  const path = '/pagefind/pagefind.js';
  return (await import(/* @vite-ignore */ path)) as Index;
}

function resultItem(page: Document, found: Found): HTMLElement {
  const link = Object.assign(page.createElement('a'), { href: found.url, textContent: found.meta.title ?? found.url });
  const text = page.createElement('p');
  // The excerpt marks the words with <mark>; everything else is shown as text.
  text.textContent = new DOMParser().parseFromString(found.excerpt, 'text/html').body.textContent;
  const item = page.createElement('li');
  item.append(link, text);
  return item;
}
