import { readFileSync } from 'node:fs';

/** capabilities(7), by bit; those newer than Engine 20.10 are left out, it does not know their names. */
const CAPABILITIES =
  'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ'.split(
    ' ',
  );

/**
 * What lets a container run an engine of its own. Not "privileged": that asks for every capability there is, and
 * is refused where this machine itself was not given them all.
 */
export function everyRight() {
  const bounding = BigInt(`0x${/^CapBnd:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'}`);
  return {
    CapAdd: CAPABILITIES.filter((_, bit) => (bounding >> BigInt(bit)) & 1n),
    SecurityOpt: ['seccomp=unconfined', 'apparmor=unconfined'],
    MaskedPaths: [],
    ReadonlyPaths: [],
    DeviceCgroupRules: ['a *:* rwm'],
    CgroupnsMode: 'private',
  };
}

/** Makes the kernel's trees writable; under cgroup 2 also frees the top group, where limits can be set then. */
export const BOOT = `
mount -o remount,rw /sys
for tree in /sys/fs/cgroup /sys/fs/cgroup/*; do if mountpoint -q $tree; then mount -o remount,bind,rw $tree; fi; done
if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
  mkdir -p /sys/fs/cgroup/init
  xargs -rn1 < /sys/fs/cgroup/cgroup.procs > /sys/fs/cgroup/init/cgroup.procs || true
  sed -e 's/ / +/g' -e 's/^/+/' < /sys/fs/cgroup/cgroup.controllers > /sys/fs/cgroup/cgroup.subtree_control
fi
touch /run/booted
exec sleep infinity`;
