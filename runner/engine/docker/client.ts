import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { inspect } from 'node:util';
import Docker from 'dockerode';
import type { DockerAddress } from '../connect.ts';
import { type Call, caller } from './call.ts';

/** What the stages of this folder share. */
export interface Client {
  readonly docker: Docker;
  readonly address: DockerAddress;
  readonly call: Call;
}

export function client(address: DockerAddress): Client {
  return { docker: new Docker(connection(address)), address, call: caller(address) };
}

/** Host and port are said even where there are none, so that none is filled in from the environment behind our back. */
function connection(address: DockerAddress): Docker.DockerOptions {
  const tls = 'host' in address ? address.tls : undefined;
  const agent = opaque(tls ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true }));
  const place =
    'host' in address ? { host: address.host, port: address.port } : { ...address, host: undefined, port: undefined };
  // The published types lack `agent` and take no explicit undefined.
  return {
    protocol: tls ? 'https' : 'http',
    pathPrefix: '/',
    agent,
    ...place,
    ...tls,
  } as unknown as Docker.DockerOptions;
}

/** The client spells out each request's options to any depth for a log nobody reads: every open connection would cost each call. */
const opaque = <A extends object>(agent: A): A =>
  Object.defineProperty(agent, inspect.custom, { value: () => 'agent' });
