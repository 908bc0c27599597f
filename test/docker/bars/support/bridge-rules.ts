import { execFileSync } from 'node:child_process';
import { LABEL } from '../../../../runner/core/labels/labels.ts';
import type { Course } from '../../support/course.ts';

const iptables = (...words: string[]) => execFileSync('iptables', ['--wait', ...words], { encoding: 'utf8' });

/** Bridges of the networks of one launch, as the host names them. */
async function bridgesOf({ docker, client }: Course, launch: string): Promise<string[]> {
  const { networks } = await docker.list({ [LABEL.launch]: launch });
  const found = await Promise.all(networks.map(({ id }) => client.docker.getNetwork(id).inspect()));
  return found.map(({ Options }) => String(Options?.['com.docker.network.bridge.name']));
}

/** Takes away the engine's rules for the bridges of one launch, as reloading a firewall does; the answer puts them back. */
export async function withoutRules(course: Course, launch: string): Promise<Disposable & { readonly removed: number }> {
  const bridges = await bridgesOf(course, launch);
  const rules = iptables('-S')
    .split('\n')
    .filter((rule) => rule.startsWith('-A ') && bridges.some((bridge) => rule.includes(bridge)))
    .map((rule) => rule.split(' ').slice(1));
  for (const rule of rules) iptables('-D', ...rule);
  let back = false;
  return {
    removed: rules.length,
    [Symbol.dispose]() {
      // At the head of their chains, as the engine puts them; among themselves their order means nothing.
      if (!back) for (const rule of rules) iptables('-I', ...rule);
      back = true;
    },
  };
}
