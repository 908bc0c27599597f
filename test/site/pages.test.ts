import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtPages, type Page, servedTexts } from './support/built-site.ts';

const texts = servedTexts();
const pages = builtPages(texts);

const hrefs = ({ html }: Page) => [...html.matchAll(/\s(?:href|src)="([^"]*)"/g)].map(([, href = '']) => href);
const anchors = (html: string) => new Set([...html.matchAll(/\sid="([^"]*)"/g)].map(([, id = '']) => id));

/** Links that lead nowhere, as `page → link`. */
function deadLinks(all: readonly Page[], served: ReadonlyMap<string, string>): string[] {
  const byPath = new Map(all.map((page) => [page.path, page.html]));
  const isThere = (path: string) => byPath.has(path) || served.has(path) || /\.(png|woff2|wasm|pagefind)$/.test(path);
  return all.flatMap((page) =>
    hrefs(page)
      .filter((href) => href.startsWith('/') || href.startsWith('#'))
      .filter((href) => {
        const [path = '', anchor] = href.split('#');
        const html = path === '' ? page.html : byPath.get(path);
        return (path !== '' && !isThere(path)) || (anchor && html !== undefined && !anchors(html).has(anchor));
      })
      .map((href) => `${page.path} → ${href}`),
  );
}

test('the pages of the course are there', () => {
  const paths = new Set(pages.map(({ path }) => path));
  for (const path of ['/', '/access-control/', '/how-a-lab-works/', '/lab/access-control/'])
    assert.ok(paths.has(path), path);
});

test('every link inside the course leads somewhere, to the very heading it names', () => {
  assert.deepEqual(deadLinks(pages, texts), []);
});

test('control: a link to a page or a heading that is not there is found', () => {
  const page = { path: '/', html: '<a href="/gone/">x</a><a href="#nowhere">y</a><a href="#here" id="here">z</a>' };
  assert.deepEqual(deadLinks([page], new Map()), ['/ → /gone/', '/ → #nowhere']);
});

test('no page loads anything from elsewhere', () => {
  const loaded = pages.flatMap(({ path, html }) =>
    [...html.matchAll(/<(?:script|link|img|iframe)\b[^>]*\s(?:src|href)="(https?:\/\/[^"]*)"/g)]
      // These say where the page or its feed is; a browser does not fetch them.
      .filter(([tag]) => !/rel="(canonical|sitemap|alternate)"/.test(tag))
      .map(([, url]) => `${path} loads ${url}`),
  );
  assert.deepEqual(loaded, []);
});

test('every page has a language, a title and one main heading', () => {
  for (const { path, html } of pages) {
    assert.match(html, /<html[^>]*\slang="[a-z]{2}/, path);
    assert.match(html, /<title>[^<]+<\/title>/, path);
    // The workspace writes its heading when it starts.
    if (!path.startsWith('/lab/')) assert.equal(html.match(/<h1\b/g)?.length, 1, path);
  }
});
