import { type Check, type Examine, ok, warn } from '../check.ts';

/** What the kernel and the engine put between a lab and this machine. */
export const isolation: Examine = ({ engine }) => {
  if (engine.kind !== 'ready') return [];
  const options = engine.info.SecurityOptions ?? [];
  const has = (name: string) => options.some((option) => option.includes(`name=${name}`));
  return [
    cgroups(engine.info.CgroupVersion),
    seccomp(has('seccomp')),
    appArmor(has('apparmor')),
    userNamespaces(has('userns') || has('rootless')),
  ];
};

function cgroups(version: string): Check {
  if (version === '2') return ok('cgroups', 'version 2');
  return warn(
    'cgroups',
    `version ${version}: limits hold, with less isolation than version 2`,
    'Nothing to do for yourself; a class is better served by a newer system.',
  );
}

function seccomp(there: boolean): Check {
  if (there) return ok('seccomp', 'system calls are filtered');
  return warn('seccomp', 'this engine filters no system calls', 'Use an engine and a kernel with seccomp.');
}

function appArmor(there: boolean): Check {
  if (there) return ok('apparmor', 'on');
  return warn(
    'apparmor',
    'off: capabilities and seccomp are the only lines of defence',
    'On Debian and Ubuntu: apt-get install -y apparmor, then restart.',
  );
}

function userNamespaces(there: boolean): Check {
  if (there) return ok('user namespaces', "root in a container is not this machine's root");
  return warn(
    'user namespaces',
    "root in a container is this machine's root",
    'For a class, set "userns-remap": "default" in /etc/docker/daemon.json.',
  );
}
