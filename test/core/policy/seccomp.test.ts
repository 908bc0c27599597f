import assert from 'node:assert/strict';
import { test } from 'node:test';
import profile from '../../../runner/core/policy/seccomp.json' with { type: 'json' };

interface Rule {
  readonly names: readonly string[];
  readonly action: string;
  readonly args?: readonly { readonly index: number; readonly value: number; readonly op: string }[];
  readonly includes?: { readonly caps?: readonly string[] };
}

/** Rules that let a system call through for somebody without any capability. */
function allowing(rules: readonly Rule[], name: string): Rule[] {
  return rules.filter(
    (rule) => rule.action === 'SCMP_ACT_ALLOW' && rule.names.includes(name) && !rule.includes?.caps?.length,
  );
}

const rules = profile.syscalls as readonly Rule[];

const NEVER = `io_uring_setup io_uring_enter io_uring_register keyctl add_key request_key bpf userfaultfd unshare setns
  mount umount2 pivot_root open_by_handle_at move_mount fsopen open_tree kexec_load init_module finit_module
  perf_event_open reboot swapon`.split(/\s+/);

for (const name of NEVER) {
  test(`S6 ${name} is let through for nobody`, () => assert.deepEqual(allowing(rules, name), []));
}

test('S6 what no rule allows fails with an error', () => {
  assert.equal(profile.defaultAction, 'SCMP_ACT_ERRNO');
});

test('S6 clone is let through only without the flags that make namespaces', () => {
  const NEW_NAMESPACES = 0x7e020000;
  const found = allowing(rules, 'clone');
  assert.ok(found.length > 0);
  for (const { args = [] } of found)
    assert.ok(args.some(({ op, value }) => op === 'SCMP_CMP_MASKED_EQ' && (value & NEW_NAMESPACES) === NEW_NAMESPACES));
});

test('S6 socket is let through only with an argument tested, never for AF_ALG and AF_VSOCK', () => {
  const found = allowing(rules, 'socket');
  assert.ok(found.length > 0);
  for (const family of [38, 40]) assert.ok(!found.some((rule) => reaches(rule, family)), `family ${family}`);
});

function reaches({ args = [] }: Rule, family: number): boolean {
  return args
    .filter(({ index }) => index === 0)
    .every(({ op, value }) => {
      if (op === 'SCMP_CMP_EQ') return family === value;
      if (op === 'SCMP_CMP_NE') return family !== value;
      if (op === 'SCMP_CMP_LT') return family < value;
      if (op === 'SCMP_CMP_LE') return family <= value;
      if (op === 'SCMP_CMP_GT') return family > value;
      if (op === 'SCMP_CMP_GE') return family >= value;
      return true;
    });
}

test('control: a rule that lets a call through is seen, and so are a family without a test and one tested away', () => {
  assert.equal(allowing([{ names: ['bpf'], action: 'SCMP_ACT_ALLOW' }], 'bpf').length, 1);
  assert.ok(reaches({ names: ['socket'], action: 'SCMP_ACT_ALLOW' }, 38));
  const tested = [{ index: 0, value: 38, op: 'SCMP_CMP_NE' }];
  assert.ok(!reaches({ names: ['socket'], action: 'SCMP_ACT_ALLOW', args: tested }, 38));
});
