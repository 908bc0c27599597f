import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { ask } from '../support/ask.ts';
import { raw } from '../support/raw.ts';
import { startServer } from '../support/start-server.ts';

const page = (script: string) =>
  `<!doctype html><title>x</title><script>${script}</script><script type="module" src="/_astro/a.js"></script>`;
const hash = (code: string) => `'sha256-${createHash('sha256').update(code).digest('base64')}'`;

async function withSite(t: Parameters<typeof startServer>[0]) {
  const server = await startServer(t);
  const put = async (path: string, text: string) => {
    await mkdir(join(server.siteDir, path, '..'), { recursive: true });
    await writeFile(join(server.siteDir, path), text);
  };
  await put('index.html', page('one()'));
  await put('labs/access-control/index.html', page('two()'));
  await put('404.html', page('lost()'));
  await put('_astro/a.abc123.js', 'export {}');
  await put('favicon.svg', '<svg/>');
  await put('.env', 'SECRET=1');
  await put('.git/config', 'SECRET=1');
  const get = (path: string, headers = {}) => ask(server.port, { path, headers: { accept: 'text/html', ...headers } });
  return { server, put, get };
}

test('W14 every page, the lost one and the problems included, carries the security headers', async (t) => {
  const { get } = await withSite(t);
  for (const path of ['/', '/labs/access-control/', '/nothing/', '/sign-in?token=x']) {
    const { headers } = await get(path);
    assert.match(headers['content-type'] ?? '', /^text\/html/, path);
    const policy = String(headers['content-security-policy']);
    assert.match(policy, /default-src '(self|none)'/, path);
    assert.match(policy, /frame-ancestors 'none'/, path);
    assert.doesNotMatch(
      policy.replace(/style-src [^;]*/, ''),
      /unsafe-inline|unsafe-eval(?<!wasm-unsafe-eval)|https?:|\*/,
      path,
    );
    assert.equal(headers['x-content-type-options'], 'nosniff', path);
    assert.equal(headers['referrer-policy'], 'no-referrer', path);
    assert.equal(headers['cross-origin-opener-policy'], 'same-origin', path);
    assert.equal(headers['x-frame-options'], 'DENY', path);
    assert.equal(headers['x-powered-by'], undefined, path);
  }
});

test("W14 a page's own scripts are allowed by hash, another page's are not", async (t) => {
  const { get } = await withSite(t);
  const policies = await Promise.all(
    ['/', '/labs/access-control/', '/nothing'].map(async (path) =>
      String((await get(path)).headers['content-security-policy']),
    ),
  );
  const codes = ['one()', 'two()', 'lost()'];
  policies.forEach((policy, at) => {
    for (const code of codes) assert.equal(policy.includes(hash(code)), code === codes[at], code);
  });
});

test('W14 the policy follows the file when it changes', async (t) => {
  const { get, put, server } = await withSite(t);
  await get('/');
  await put('index.html', page('new()'));
  await utimes(join(server.siteDir, 'index.html'), new Date(), new Date(Date.now() + 5000));
  assert.ok(String((await get('/')).headers['content-security-policy']).includes(hash('new()')));
});

test('pages are checked each time, hashed assets are kept for ever', async (t) => {
  const { get } = await withSite(t);
  const first = await get('/');
  assert.deepEqual([first.status, first.headers['cache-control']], [200, 'no-cache']);
  const again = await get('/', { 'if-none-match': first.headers.etag ?? '' });
  assert.equal(again.status, 304);
  assert.equal((await get('/_astro/a.abc123.js')).headers['cache-control'], 'public, max-age=31536000, immutable');
  assert.equal((await get('/favicon.svg')).headers['cache-control'], 'no-cache');
});

test('folders answer with and without the slash, what is not there with the 404 page', async (t) => {
  const { get } = await withSite(t);
  assert.equal((await get('/labs/access-control/')).status, 200);
  const bare = await get('/labs/access-control');
  assert.deepEqual([bare.status, bare.headers.location], [301, '/labs/access-control/']);
  const lost = await get('/labs/nothing/');
  assert.equal(lost.status, 404);
  assert.match(lost.text, /lost\(\)/);
  assert.equal(
    (await get('/missing.js', { accept: '*/*' })).headers['content-type'],
    'application/json; charset=utf-8',
  );
});

test('nothing hidden and nothing outside the folder is served', async (t) => {
  const { get, server } = await withSite(t);
  await writeFile(`${server.siteDir}.secret`, 'SECRET=1');
  t.after(() => rm(`${server.siteDir}.secret`));
  const name = server.siteDir.split('/').at(-1);
  const paths = [
    '/.env',
    '/.git/config',
    '/%2eenv',
    `/../${name}.secret`,
    `/..%2f${name}.secret`,
    `/%2e%2e/${name}.secret`,
    `/_astro/..%5c..%5c${name}.secret`,
    '/..%00/',
    '//etc/passwd',
    '/_astro/../../../../etc/passwd',
    '/%c0%ae%c0%ae/etc/passwd',
  ];
  for (const path of paths) {
    const { status, text } = await get(path);
    assert.ok(status >= 400 && status < 500, `${path} ${status}`);
    assert.doesNotMatch(text, /SECRET|root:/, path);
  }
});

test('without a built site the page says how to build it', async (t) => {
  const server = await startServer(t);
  const { status, text } = await ask(server.port, { path: '/labs/', headers: { accept: 'text/html' } });
  assert.equal(status, 503);
  assert.match(text, /npm start/);
  await symlink('/nonexistent', join(server.siteDir, 'index.html'));
  assert.equal((await ask(server.port, { path: '/' })).status, 503, 'a dangling link is no page');
});

test('what a stranger puts into an address is not markup in the answer', async (t) => {
  const server = await startServer(t);
  await writeFile(join(server.siteDir, 'index.html'), page('one()'));
  const { text } = await raw(server.port, (write) => {
    write(
      `GET /<img/onerror=x> HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nAccept: text/html\r\nConnection: close\r\n\r\n`,
    );
  });
  assert.match(text, /^HTTP\/1.1 404 [\s\S]*text\/html[\s\S]*There is nothing at \/&#60;img/);
  assert.equal(text.includes('<img'), false);
});
