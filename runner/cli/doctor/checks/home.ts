import { mayWrite } from '../../machine/may-write.ts';
import { type Examine, fail, ok } from '../check.ts';

export const home: Examine = async ({ context }) =>
  (await mayWrite(context.home))
    ? [ok('home', `work is kept in ${context.home}`)]
    : [
        fail(
          'home',
          `${context.user} cannot write to ${context.home}`,
          'Make it writable, or set DRYDOCK_HOME to a folder that is.',
        ),
      ];
