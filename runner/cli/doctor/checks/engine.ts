import { describeAddress } from '../../../engine/connect.ts';
import { engineProblem } from '../../machine/engine-problem.ts';
import { engineWork } from '../../machine/ensure-engine.ts';
import { type Examine, fail, ok, warn } from '../check.ts';

export const engine: Examine = ({ context, machine, engine: state }) => {
  if (state.kind === 'ready')
    return [ok('engine', `Docker Engine ${state.version} at ${describeAddress(context.engine.address)}`)];
  const work = engineWork(state, machine, context.engine.given);
  if (work === 'start') return [warn('engine', 'installed and not running', 'Nothing to do: npm start starts it.')];
  if (work === 'install') return [warn('engine', 'none here', "Nothing to do: npm start installs Debian's docker.io.")];
  const problem = engineProblem(state, machine, context.engine);
  return [fail('engine', problem.message, problem.hint)];
};
