import type { LabTask } from '../model/lab.ts';
import type { Workspace } from '../model/workspace.ts';
import { FlagForm } from './flag-form.tsx';
import { Hints } from './hints.tsx';

interface Props {
  readonly workspace: Workspace;
  readonly task: LabTask;
  readonly number: number;
}

/** One task. Its text was rendered from the lab's own Markdown when the site was built. */
export function TaskCard({ workspace, task, number }: Props) {
  const passed = workspace.tasks.passed.value.has(task.id);
  const verdict = workspace.verdicts.value.get(task.id)?.verdict;
  return (
    <article class="task" aria-labelledby={`task-${task.id}`}>
      <p class="kind">
        {number} · {task.kind === 'break' ? 'Break' : 'Fix'} · {task.points} points
        <State passed={passed} verdict={verdict} />
      </p>
      <h3 id={`task-${task.id}`}>{task.title}</h3>
      <p class="goal">{task.goal}</p>
      <div class="text" dangerouslySetInnerHTML={{ __html: workspace.lab.html[task.id] ?? '' }} />
      {task.lesson !== null && (
        <p class="lesson">
          <a href={`/${workspace.lab.practice}/#${task.lesson}`} target="_blank" rel="noopener">
            Read it up in the lesson
          </a>
        </p>
      )}
      {task.kind === 'break' && <FlagForm workspace={workspace} task={task} passed={passed} />}
      <Hints workspace={workspace} task={task} />
    </article>
  );
}

function State({ passed, verdict }: { passed: boolean; verdict: string | undefined }) {
  if (verdict === 'broken') return <span class="verdict broken">Check failed</span>;
  if (verdict === 'not-yet') return <span class="verdict not-yet">Not yet</span>;
  if (passed) return <span class="verdict passed">Passed</span>;
  return <span class="verdict open">Open</span>;
}
