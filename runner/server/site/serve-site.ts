import { existsSync, type Stats, statSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join, sep } from 'node:path';
import express, { type RequestHandler } from 'express';
import { DrydockError } from '#contract';
import type { OriginPolicy } from '../origin/origin-policy.ts';
import { problemPage } from '../problem/problem-page.ts';
import { pagePolicies } from './page-policies.ts';

const NOT_BUILT = {
  title: 'The course pages are not built yet',
  message: 'Drydock is running, but the folder of its pages is empty.',
  hint: 'Stop it and run "npm start" again: that builds the pages first.',
};

/** The course site: static files, hashed assets for ever, everything else checked each time. */
export function serveSite(siteDir: string, origin: OriginPolicy): RequestHandler[] {
  const policyOf = pagePolicies(origin.origins.map((one) => one.replace(/^http/, 'ws')));
  const hashed = join(siteDir, '_astro') + sep;
  const setHeaders = (response: ServerResponse, file: string, stat: Stats) => {
    const immutable = file.startsWith(hashed);
    response.setHeader('Cache-Control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
    if (file.endsWith('.html')) response.setHeader('Content-Security-Policy', policyOf(file, stat));
  };

  const missing: RequestHandler = (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') throw notFound(request.path);
    if (!existsSync(join(siteDir, 'index.html'))) {
      return void response.status(503).set('Cache-Control', 'no-store').type('html').send(problemPage(NOT_BUILT));
    }
    const page = join(siteDir, '404.html');
    if (request.accepts(['json', 'html']) !== 'html' || !existsSync(page)) throw notFound(request.path);
    setHeaders(response, page, statSync(page));
    response.status(404).sendFile('404.html', { root: siteDir, cacheControl: false, lastModified: false, etag: false });
  };

  return [express.static(siteDir, { dotfiles: 'ignore', cacheControl: false, setHeaders }), missing];
}

function notFound(path: string): DrydockError {
  return new DrydockError('not-found', `There is nothing at ${path.slice(0, 200)}.`);
}
