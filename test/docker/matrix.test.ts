import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { Verdict } from '#contract';
import { bareLaunch } from './support/bare-launch.ts';
import { course, namesOf } from './support/course.ts';
import { labFixes } from './support/lab-fixes.ts';

/** Launches side by side: some cells only wait, for a cache to grow old or for a service that never comes up. */
const SIDE_BY_SIDE = 2;

const rig = await course();

/** The probes that keep a task from passing, in the order they are reported. */
const against = ({ probes }: Verdict) =>
  probes.filter(({ kind, finding }) => finding !== (kind === 'attack' ? 'closed' : 'open')).map(({ probe }) => probe);

for (const lab of rig.deps.library.values()) {
  const fixTasks = Object.entries(lab.scenario.tasks).filter(([, { kind }]) => kind === 'fix');

  describe(`matrix of ${lab.id}`, { concurrency: SIDE_BY_SIDE }, async () => {
    const free: Awaited<ReturnType<typeof bareLaunch>>[] = [];

    async function verdictOn(workspace: typeof lab.workspace, task: string): Promise<Verdict> {
      const launch = free.pop() ?? (await bareLaunch(rig, lab));
      try {
        await launch.apply(workspace);
        return await launch.check(task);
      } finally {
        free.push(launch);
      }
    }

    after(async () => {
      await Promise.all(free.map((launch) => launch.remove()));
      assert.deepEqual(namesOf(await rig.inventory()), []);
    });

    for (const [task] of fixTasks) {
      test(`${task} as shipped: attacks succeed, legitimate use works, not passed`, async () => {
        const verdict = await verdictOn(lab.workspace, task);
        assert.equal(verdict.verdict, 'not-yet');
        const benign = verdict.probes.filter(({ kind }) => kind === 'benign');
        const attacks = verdict.probes.filter(({ kind }) => kind === 'attack');
        assert.ok(attacks.some(({ finding }) => finding === 'open'));
        assert.ok(benign.length > 0 && benign.every(({ finding }) => finding === 'open'), JSON.stringify(benign));
      });

      for (const { name, workspace, refusedBy } of await labFixes(lab, task)) {
        test(`${task}, ${name}: ${refusedBy ? `refused by ${refusedBy}` : 'passes'}`, async () => {
          const verdict = await verdictOn(workspace, task);
          assert.equal(verdict.verdict, refusedBy ? 'not-yet' : 'passed', verdict.message.text);
          if (!refusedBy) return;
          // What is said, shown and repeated is about the first probe against it.
          const [decisive] = against(verdict);
          if (refusedBy !== 'any') assert.equal(decisive, refusedBy, `against it: ${against(verdict)}`);
          assert.ok(verdict.message.text.length > verdict.message.id.length, 'the refusal is a sentence');
        });
      }
    }
  });
}
