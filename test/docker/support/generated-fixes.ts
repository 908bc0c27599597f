import type { Files, Lab } from '../../../runner/library/lab.ts';

interface Generated {
  readonly name: string;
  readonly overlay: Files;
}

/** What is done to a service's server. Ready it must seem, or it would not be deployed. */
const SERVERS: Readonly<Record<string, (readyPath: string) => string>> = {
  'service switched off': () => 'setInterval(() => undefined, 1e6);\n',
  'endpoints removed': (path) => answering(path, 404, '{"error":"not found"}'),
  'everything refused': (path) => answering(path, 401, '{"error":"this token is not valid"}'),
  'answer hard-coded': (path) => answering(path, 200, '{"id":"me","role":"customer","token":"a.b.c","keys":[]}'),
};

/** Outages that look like fixes: each takes the place of the servers that a task is about. */
export function generatedFixes(lab: Lab, task: string): Generated[] {
  const services = lab.scenario.tasks[task]?.services ?? [];
  return Object.entries(SERVERS).map(([name, server]) => ({
    name,
    overlay: new Map(
      services.map((service) => {
        const ready = lab.scenario.services[service]?.ready;
        const path = ready?.kind === 'http' ? ready.path : '/';
        return [`${service}/server.ts`, Buffer.from(server(path))] as const;
      }),
    ),
  }));
}

const answering = (readyPath: string, status: number, body: string) => `
import { createServer } from 'node:http';
createServer((request, response) => {
  const ready = request.url === ${JSON.stringify(readyPath)};
  response.writeHead(ready ? 200 : ${status}, { 'content-type': 'application/json' });
  response.end(ready ? 'ok' : ${JSON.stringify(body)});
}).listen(8080);
`;
