import type Docker from 'dockerode';

interface Dial {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly stream?: boolean;
  readonly body?: object;
  readonly signal: AbortSignal;
}

/** A request dockerode's own methods cannot be told to give up (it takes a signal here), with its error shape. */
export function dial<T>(docker: Docker, { method, path, stream = false, body, signal }: Dial): Promise<T> {
  return new Promise((resolve, reject) => {
    docker.modem.dial(
      {
        method,
        path,
        isStream: stream,
        abortSignal: signal,
        ...(body ? { options: { _query: {}, _body: body } } : {}),
        statusCodes: { 200: true, 201: true, 204: true },
      },
      (error: unknown, answer: unknown) => (error ? reject(error) : resolve(answer as T)),
    );
  });
}
