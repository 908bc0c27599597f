import { z } from 'zod';
import { createDocument, type ZodOpenApiPathsObject } from 'zod-openapi';
import * as contract from '#contract';
import manifest from '../../../package.json' with { type: 'json' };
import type { Route } from '../route.ts';
import { ProblemAnswer, problemResponses } from './describe-problems.ts';
import { describeRoute, openApiPath, VERB } from './describe-route.ts';
import { plainNames } from './plain-names.ts';

const ABOUT = `Everything the course's pages do, made from the server's table of routes when it starts.

Requests must name this server as it was announced (Host); those that change something and come from a browser must come
from one of its pages (Origin). Every answer carries \`X-Request-Id\`, under which the log tells what was done for it.
A problem is answered as \`ProblemAnswer\`, under a permanent name.`;

/** Parts that get a name of their own in the description, besides the bodies and answers of routes. */
const PARTS: readonly unknown[] = [contract.Problem, contract.Verdict, contract.PublicLab, contract.Session];

/** The table of routes as an OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.1). */
export function describeApi(routes: readonly Route[]): object {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    const path = openApiPath(route.path);
    paths[path] = { ...paths[path], [VERB[route.method]]: describeRoute(route) };
  }
  const document = createDocument({
    openapi: '3.1.1',
    info: {
      title: 'Drydock',
      version: manifest.version,
      description: ABOUT,
      license: { name: 'Apache License 2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: { ...namedSchemas(routes), ProblemAnswer, TerminalUp, TerminalDown: contract.TerminalDown },
      responses: problemResponses(routes),
      securitySchemes: {
        cookie: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-drydock',
          description: 'What a browser gets for a sign-in link.',
        },
        bearer: { type: 'http', scheme: 'bearer', description: "The command line's token." },
        metricsToken: {
          type: 'http',
          scheme: 'bearer',
          description: 'The token in the file "metrics-token" of the server\'s home; it opens the metrics only.',
        },
      },
    },
  });
  return plainNames(document);
}

const TerminalUp = contract.TerminalUp.meta({ unusedIO: 'input' });

/** Schemas of the contract under their own names, as far as a route uses them. */
function namedSchemas(routes: readonly Route[]): Record<string, z.ZodType> {
  const used = new Set([...PARTS, ...routes.flatMap(({ body, answer }) => [body, answer])]);
  const named = Object.entries<unknown>(contract).flatMap(([name, schema]) =>
    schema instanceof z.ZodType && used.has(schema) ? [[name, schema] as const] : [],
  );
  return Object.fromEntries(named);
}
