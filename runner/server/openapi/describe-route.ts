import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import { SessionId, TERMINAL_CLOSE } from '#contract';
import type { Access, Route } from '../route.ts';
import { describeProblems } from './describe-problems.ts';

/** A handshake is a GET (RFC 6455, section 4.1). */
export const VERB = { GET: 'get', POST: 'post', PUT: 'put', DELETE: 'delete', WS: 'get' } as const;

const COOKIE = { cookie: [] };
const BEARER = { bearer: [] };
const WHO: Readonly<Record<Access, { readonly words: string; readonly security: Record<string, string[]>[] }>> = {
  public: { words: 'Anybody.', security: [] },
  watcher: {
    words: 'Whoever is signed in, or shows the metrics token.',
    security: [COOKIE, BEARER, { metricsToken: [] }],
  },
  'signed-in': { words: 'Whoever is signed in.', security: [COOKIE, BEARER] },
  'own-session': {
    words: 'The owner of the session; for everybody else it does not exist.',
    security: [COOKIE, BEARER],
  },
};

/** `/api/sessions/:id` as OpenAPI writes it. */
export const openApiPath = (path: string) => path.replace(/:(\w+)/g, '{$1}');

export function describeRoute(route: Route): ZodOpenApiOperationObject {
  const { access, query, body, tries, method } = route;
  const { words, security } = WHO[access];
  const limit = tries && `At most ${tries.most}${tries.failures ? ' refused' : ''} tries a minute.`;
  return {
    operationId: route.handle.name,
    summary: sentence(route.handle.name),
    description: [`For: ${words}`, limit, method === 'WS' && SOCKET].filter(Boolean).join('\n\n'),
    'x-access': access,
    security,
    requestParams: {
      ...(access === 'own-session' && { path: z.object({ id: SessionId }) }),
      ...(query instanceof z.ZodObject && { query }),
    },
    ...(body && {
      requestBody: { required: !body.safeParse({}).success, content: { 'application/json': { schema: body } } },
    }),
    responses: { ...describeProblems(route), ...answers(route) },
    ...(method === 'WS' && FRAMES),
  };
}

const REQUEST_ID = {
  'X-Request-Id': { description: 'Names this request in the log.', schema: { type: 'string' as const } },
};

function answers(route: Route): ZodOpenApiResponsesObject {
  const { method, answer, type, status = method === 'WS' ? 101 : 200, also } = route;
  const content = type ? { [type]: { schema: z.string() } } : answer && { 'application/json': { schema: answer } };
  const described = (code: number) => ({
    description: `${STATUS_CODES[code]}.`,
    headers: code === 303 ? { ...REQUEST_ID, Location: { schema: { type: 'string' as const } } } : REQUEST_ID,
    ...(content && { content }),
  });
  return Object.fromEntries([status, also].flatMap((code) => (code ? [[code, described(code)]] : [])));
}

const CODES = Object.entries(TERMINAL_CLOSE).map(([name, code]) => `${code} ${name}`);
const SOCKET = `A WebSocket handshake. Binary frames are bytes of the terminal; text frames are JSON, \`TerminalUp\` to the server
and \`TerminalDown\` from it. It closes with ${CODES.join(', ')}.`;
const FRAMES = {
  'x-frames': {
    up: { $ref: '#/components/schemas/TerminalUp' },
    down: { $ref: '#/components/schemas/TerminalDown' },
  },
};

/** "openSession" → "Open session". */
function sentence(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
