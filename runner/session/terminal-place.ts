import { DrydockError } from '#contract';
import { type ServicePlan, WORKBENCH } from '../core/plan/launch-plan.ts';
import { ROLES } from '../core/policy/roles.ts';
import type { Engine } from '../core/ports/engine.ts';
import type { TerminalPlace } from '../core/ports/sessions.ts';
import { type HeldSession, launched } from './held-session.ts';

/** Where a terminal on the workbench or on a service attaches. */
export function terminalPlace(engine: Engine, held: HeldSession, target: string): Omit<TerminalPlace, 'typed'> {
  const launch = launched(held);
  if (target === WORKBENCH) {
    return { engine, container: launch.workbench, user: ROLES.workbench.user, shell: ['/bin/bash', '-l'] };
  }
  const service = launch.services.get(target);
  if (!service) throw new DrydockError('bad-request', `This lab has no service "${target}".`);
  return { engine, container: service.container, user: shellUser(service.plan), shell: ['/bin/bash'] };
}

/** Nobody types as the user of a sensor: its right to raw packets would let them speak for other positions. */
const shellUser = ({ role, user }: ServicePlan) => (role === 'sensor' ? ROLES.service.user : user);
