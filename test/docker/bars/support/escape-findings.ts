/** Capability sets of a process: all must be empty. */
const CAPABILITIES = /^Cap(Inh|Prm|Eff|Bnd|Amb)$/;
/** Devices every container has: none of them is one of the host. */
const HARMLESS_DEVICES = /^\/dev\/(null|zero|full|random|urandom|tty|console|ptmx|pts\/(\d+|ptmx))$/;
const RUNTIME = /docker|containerd|crio|podman|buildkit/i;
const SECRET = /pass(word)?|secret|token|credential|private|(^|_)key($|_)/i;
/** What the engine itself puts into every container, from its own folder of that container. */
const ENGINES_OWN = /^(\/etc\/(resolv\.conf|hostname|hosts)|(\/usr)?\/sbin\/docker-init)$/;
const KERNEL_FILESYSTEMS = /^(debugfs|tracefs|securityfs|configfs|bpf|fusectl|pstore|efivarfs|devtmpfs)$/;

/**
 * Ways out of a container, or steps towards one, in what `facts` printed there. `declared`: where the role mounts
 * volumes of its launch. Nothing is found in a container confined as the policy says.
 */
export function escapeFindings(facts: string, declared: readonly string[]): string[] {
  const lines = facts.split('\n').map((line) => {
    const tab = line.indexOf('\t');
    return { kind: line.slice(0, tab), value: line.slice(tab + 1).trim() };
  });
  if (!lines.some(({ kind }) => kind === 'end')) return ['the probe did not reach its end'];
  const status = new Map(
    lines.filter(({ kind }) => kind === 'status').map(({ value }) => value.split(/:\s*/) as [string, string]),
  );
  return [...ofStatus(status), ...lines.flatMap(({ kind, value }) => ofLine(kind, value, declared))];
}

function ofStatus(status: ReadonlyMap<string, string>): string[] {
  const found = [...status]
    .filter(([name, set]) => CAPABILITIES.test(name) && BigInt(`0x${set}`) !== 0n)
    .map(([name, set]) => `capabilities: ${name} ${set}`);
  if (status.get('Seccomp') !== '2') found.push('seccomp: system calls are not filtered');
  if (status.get('NoNewPrivs') !== '1') found.push('privileges: a program may gain some');
  return found;
}

function ofLine(kind: string, value: string, declared: readonly string[]): string[] {
  switch (kind) {
    case 'aslr':
      return value === '2' ? [] : [`aslr: ${value}`];
    case 'cgroup':
      return /^\d+:[^:]*:\/$/.test(value) ? [] : [`cgroup: the host's tree is seen, ${value}`];
    case 'second':
      return value === 'kthreadd' ? ["processes: the host's are seen"] : [];
    case 'unix':
      return /@\S*(containerd|docker|dbus|X11)/.test(value) ? [`network: a socket of the host, ${value}`] : [];
    case 'socket':
      return RUNTIME.test(value) ? [`socket: ${value}`] : [];
    case 'device':
      return HARMLESS_DEVICES.test(value) ? [] : [`device: ${value}`];
    case 'env':
      return SECRET.test(value) ? [`environment: ${value}`] : [];
    case 'writable':
    case 'unhidden':
    case 'setid':
      return [`${kind}: ${value}`];
    case 'mount':
      return ofMount(value, declared);
    default:
      return [];
  }
}

/** A line of mountinfo (proc_pid_mountinfo(5)): `id parent major:minor root target options … - type source super`. */
function ofMount(line: string, declared: readonly string[]): string[] {
  const [before = '', after = ''] = line.split(' - ');
  const [, , , root = '', target = '', options = ''] = before.split(' ');
  const [type = '', source = ''] = after.split(' ');
  const readOnly = options.split(',').includes('ro');
  if (KERNEL_FILESYSTEMS.test(type)) return [`mount: ${type} at ${target}`];
  if (type.startsWith('cgroup')) return readOnly ? [] : [`mount: writable ${type} at ${target}`];
  if (type === 'sysfs' && (target !== '/sys' || !readOnly)) return [`mount: writable sysfs at ${target}`];
  if (type === 'proc' && target !== '/proc' && !readOnly) return [`mount: writable proc at ${target}`];
  if (!source.startsWith('/dev/')) return [];
  const expected = ENGINES_OWN.test(target) || declared.includes(target);
  return expected ? [] : [`mount: ${root} of the host's ${source} at ${target}`];
}
