import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { describeApi } from '../../../runner/server/openapi/describe-api.ts';
import { type Route, route } from '../../../runner/server/route.ts';
import { ROUTES } from '../../../runner/server/routes.ts';
import { ask } from '../support/ask.ts';
import { endingsLast, type Knocked, knock, routeName } from '../support/knock.ts';
import { faultsOf, operations, place, resolve, schemasOf } from '../support/open-api.ts';
import { OpenApi } from '../support/open-api-shape.ts';
import { startServer, type TestServer } from '../support/start-server.ts';

const DOCUMENT = json(describeApi(ROUTES));

function json(value: unknown): OpenApi {
  return JSON.parse(JSON.stringify(value)) as OpenApi;
}

/** A document with one thing in it changed. */
function changed(change: (document: z.infer<typeof Loose>) => void): unknown {
  const copy = Loose.parse(structuredClone(DOCUMENT));
  change(copy);
  return copy;
}
const Loose = z.record(z.string(), z.any());

const httpName = ({ method, path }: Pick<Route, 'method' | 'path'>) =>
  `${method === 'WS' ? 'GET' : method} ${path.replace(':id', '{id}')}`;

/** Where table and document differ. */
function differences(routes: readonly Route[], document: OpenApi): string[] {
  const all = operations(document);
  const table = new Map(routes.map((one) => [httpName(one), one]));
  const missing = [...table].flatMap(([name, { access, body, query, method }]) => {
    const operation = all.get(name);
    if (!operation) return [`${name} is not described`];
    const faults: string[] = [];
    if (operation['x-access'] !== access) faults.push(`${name} is described as ${operation['x-access']}`);
    if ((operation.security?.length === 0) !== (access === 'public')) faults.push(`${name} is secured otherwise`);
    if (Boolean(operation.requestBody) !== Boolean(body)) faults.push(`${name} has another body`);
    const asked = query instanceof z.ZodObject ? Object.keys(query.shape) : [];
    const told = (operation.parameters ?? []).filter((one) => one.in === 'query').map((one) => one.name);
    if (asked.join() !== told.join()) faults.push(`${name} has the query ${told}`);
    if ((method === 'WS') !== '101' in operation.responses) faults.push(`${name} is another kind of route`);
    return faults;
  });
  return [...missing, ...[...all.keys()].filter((name) => !table.has(name)).map((name) => `${name} is no route`)];
}

test('every route of the table is described with its policy, query and body, and nothing else is', () => {
  assert.deepEqual(differences(ROUTES, DOCUMENT), []);
});

test('control: a route more or less, or with another policy, is found', () => {
  const [first, ...rest] = ROUTES;
  assert.deepEqual(differences(ROUTES, json(describeApi(rest))), [`${first && httpName(first)} is not described`]);
  assert.deepEqual(differences(rest, DOCUMENT), [`${first && httpName(first)} is no route`]);
  const laxer = ROUTES.map((one) => (one.path === '/api/me' ? { ...one, access: 'public' as const } : one));
  assert.deepEqual(differences(laxer, DOCUMENT), [
    'GET /api/me is described as signed-in',
    'GET /api/me is secured otherwise',
  ]);
});

test('the document has the shape of OpenAPI 3.1, all it refers to is there, and every schema is one', () => {
  assert.deepEqual(faultsOf(DOCUMENT), []);
});

test('control: each way of being no OpenAPI document is found', () => {
  const broken: Readonly<Record<string, unknown>> = {
    openapi: changed((document) => (document['openapi'] = '3.0.3')),
    'there is no field "hints"': changed((document) => (document['paths']['/api/me'].get.hints = 1)),
    'leads nowhere': changed((document) => delete document['components'].schemas.Problem),
    'path parameters': changed((document) => document['paths']['/api/sessions/{id}'].get.parameters.pop()),
    'id of two': changed((document) => (document['paths']['/api/me'].get.operationId = 'health')),
    'no scheme': changed((document) => delete document['components'].securitySchemes.cookie),
    'must be JSONType': changed((document) => (document['components'].schemas.Me.type = 'thing')),
    'unknown keyword': changed((document) => (document['components'].schemas.Me.requird = ['user'])),
    'get.responses.200: Invalid input': changed(
      (document) => delete document['paths']['/api/me'].get.responses[200].description,
    ),
  };
  for (const [fault, document] of Object.entries(broken)) {
    const found = faultsOf(document);
    assert.ok(
      found.some((one) => one.includes(fault)),
      `${fault}: ${found}`,
    );
  }
});

const described = (document: unknown) => ({ document, schemaAt: schemasOf(document) });
type Described = ReturnType<typeof described>;

/** How an answer differs from what is described of it. */
function surprises({ document, schemaAt }: Described, asked: Route, { status, type, json: body }: Knocked): string[] {
  const { method, path } = asked;
  const name = `${routeName(asked)} ${status}`;
  const response = ['paths', path.replace(':id', '{id}'), method === 'WS' ? 'get' : method.toLowerCase(), 'responses'];
  const at = place(document, [...response, String(status)]);
  const found = resolve(document, `#/${at.map((part) => part.replaceAll('/', '~1')).join('/')}`);
  if (typeof found !== 'object' || found === null) return [`${name} is not described`];
  const content = 'content' in found ? Object.keys(found.content as object) : [];
  if (type === '' || method === 'WS') return content.length === 0 || method === 'WS' ? [] : [`${name} has no body`];
  const media = content.find((one) => one.split(';')[0] === type);
  if (media === undefined) return [`${name} is ${type}`];
  if (type !== 'application/json') return [];
  return schemaAt(...at, 'content', media, 'schema')(body).map((fault) => `${name}: ${fault}`);
}

async function answersOf(server: TestServer, id: string): Promise<[Route, Knocked][]> {
  const answers: [Route, Knocked][] = [];
  for (const one of ROUTES) {
    answers.push([one, await knock(server, one, id)]);
    if (one.access === 'own-session') answers.push([one, await knock(server, one, id, await server.cookie('bob'))]);
  }
  for (const one of endingsLast(ROUTES)) answers.push([one, await knock(server, one, id, await server.cookie('ann'))]);
  return answers;
}

test('what a server answers, to the owner, to a stranger and without a sign-in, is as described', async (t) => {
  const server = await startServer(t);
  const { id } = await server.sessions.open('ann', 'access-control');
  const answers = await answersOf(server, id);
  const told = described(DOCUMENT);
  assert.deepEqual(
    answers.flatMap(([one, answer]) => surprises(told, one, answer)),
    [],
  );
  const good = new Set(answers.flatMap(([one, { status }]) => (status < 400 ? [routeName(one)] : [])));
  // Without a token there is no way past these.
  const closed = ['GET /sign-in', 'POST /api/sign-in'];
  assert.deepEqual(
    ROUTES.map(routeName).filter((one) => !good.has(one) && !closed.includes(one)),
    [],
  );

  const full = [{ name: 'store', ok: false, message: 'Full.' }];
  const unready = await startServer(t, { ready: async () => full });
  const [ready] = ROUTES.filter(({ path }) => path === '/readyz');
  if (!ready) throw new Error('there is no /readyz');
  const answer = await knock(unready, ready, '');
  assert.deepEqual([answer.status, surprises(told, ready, answer)], [503, []]);
});

test('control: an answer, a status or a problem that is not described is found', async (t) => {
  const server = await startServer(t);
  const { id } = await server.sessions.open('ann', 'access-control');
  const answers = await answersOf(server, id);
  const found = (change: Parameters<typeof changed>[0]) => {
    const told = described(changed(change));
    return answers.flatMap(([one, answer]) => surprises(told, one, answer)).join('\n');
  };
  assert.match(
    found((document) => delete document['components'].schemas.Session.properties.openedAt),
    /additional properties/,
  );
  assert.match(
    found((document) => delete document['paths']['/api/sign-out'].post.responses[204]),
    /204 is not described/,
  );
  assert.match(
    found((document) => delete document['paths']['/api/me'].get.responses[401]),
    /401 is not described/,
  );
  assert.match(
    found((document) => (document['components'].schemas.Me.properties.user.type = 'integer')),
    /integer/,
  );
});

test('it is served as it is made, to anybody, under a name of this server only', async (t) => {
  const { port } = await startServer(t);
  const path = '/api/openapi.json';
  const answer = await ask(port, { path });
  assert.equal(answer.status, 200);
  assert.deepEqual(OpenApi.parse(answer.json()), OpenApi.parse(DOCUMENT));
  assert.equal((await ask(port, { path, headers: { host: 'evil.example' } })).status, 421);
});

test('a route that is added to the table is described without further ado', () => {
  const Answer = z.object({ colour: z.string() });
  const added = route(
    'POST',
    '/api/colours',
    'signed-in',
    function paint() {
      return { json: { colour: 'red' } };
    },
    { answer: Answer, body: z.strictObject({ name: z.string() }), status: 202, problems: ['no-capacity'] },
  );
  const document = json(describeApi([...ROUTES, added]));
  assert.deepEqual(faultsOf(document), []);
  const operation = operations(document).get('POST /api/colours');
  assert.equal(operation?.summary, 'Paint');
  assert.deepEqual(Object.keys(operation?.responses ?? {}), [
    '202',
    '400',
    '401',
    '403',
    '413',
    '415',
    '421',
    '500',
    '503',
    'default',
  ]);
});
