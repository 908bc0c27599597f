import { DrydockError } from '#contract';
import { portHolder } from './port-holder.ts';

/** Why an address could not be listened on, and what to do about it. */
export async function listenError(error: unknown, host: string, port: number): Promise<DrydockError> {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const other = { cause: error, hint: 'Choose another port, for example "npm start -- --port 4701".' };
  if (code === 'EADDRINUSE') {
    const holder = await portHolder(port);
    const by = holder ? `by ${holder}` : 'by another program';
    return new DrydockError('environment', `Port ${port} is taken ${by}.`, other);
  }
  if (code === 'EACCES') {
    return new DrydockError(
      'environment',
      `Port ${port} may only be opened by root: ports below 1024 are reserved.`,
      other,
    );
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new DrydockError('environment', `This machine has no address "${host}" to listen on.`, {
      cause: error,
      hint: "Leave --host away for 127.0.0.1, or name one of this machine's own addresses.",
    });
  }
  return new DrydockError('environment', `Could not listen on ${host}, port ${port}: ${String(error)}.`, other);
}
