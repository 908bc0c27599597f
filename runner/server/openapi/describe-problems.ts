import { z } from 'zod';
import type { ZodOpenApiResponseObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import { ERRORS, type ErrorName, Problem } from '#contract';
import type { Route } from '../route.ts';

export const ProblemAnswer = z.object({ error: Problem });

/** What any route may answer, whatever it does. */
const ALWAYS: readonly ErrorName[] = ['wrong-host', 'wrong-origin', 'bad-request', 'internal'];

/** Every name of the catalogue a route may answer with: what its row says, and what stands before its handler. */
export function problemsOf({ access, body, method, tries, problems = [] }: Route): ErrorName[] {
  const names = new Set<ErrorName>([...ALWAYS, ...problems]);
  if (access !== 'public') names.add('signed-out');
  if (access === 'own-session') names.add('no-such-session');
  if (tries || method === 'WS') names.add('too-many-requests');
  if (body) for (const name of ['unsupported-body', 'too-large'] as const) names.add(name);
  return [...names].sort();
}

/** The problems of a route by status, and whatever else of the catalogue as the default. */
export function describeProblems(route: Route): ZodOpenApiResponsesObject {
  const answers = [...byStatus(route)].map(([status, names]) => [status, reference(names)] as const);
  return { ...Object.fromEntries(answers), default: reference(ALL) };
}

/** What `describeProblems` refers to, each set of names once. */
export function problemResponses(routes: readonly Route[]): Record<string, ZodOpenApiResponseObject> {
  const sets = routes.flatMap((route) => [...byStatus(route).values()]);
  return Object.fromEntries([...sets, ALL].map((names) => [key(names), describe(names)]));
}

const ALL = Object.keys(ERRORS) as ErrorName[];

const byStatus = (route: Route) => Map.groupBy(problemsOf(route), (name) => ERRORS[name].status);
const key = (names: readonly ErrorName[]) => (names === ALL ? 'any-problem' : names.join('.'));
const reference = (names: readonly ErrorName[]) => ({ $ref: `#/components/responses/${key(names)}` });

function describe(names: readonly ErrorName[]): ZodOpenApiResponseObject {
  const named = { type: 'object' as const, properties: { name: { enum: [...names] } } };
  return {
    description: names.map((name) => `\`${name}\`: ${ERRORS[name].title}. ${ERRORS[name].hint}`).join('\n\n'),
    content: {
      'application/json': {
        schema: {
          allOf: [{ $ref: '#/components/schemas/ProblemAnswer' }, { type: 'object', properties: { error: named } }],
        },
      },
    },
  };
}
