import type { Workspace } from '../model/workspace.ts';
import { TaskCard } from './task-card.tsx';

/** What there is to do, in order, with how far it is. */
export function TaskList({ workspace }: { workspace: Workspace }) {
  const { lab, tasks } = workspace;
  return (
    <aside class="tasks" aria-label="Tasks">
      <div class="head">
        <h2>Tasks</h2>
        <p>
          {tasks.passed.value.size} of {lab.tasks.length} done · {tasks.points.value} of {tasks.total} points
        </p>
        <progress max={tasks.total} value={tasks.points.value} aria-label="Points earned" />
      </div>
      {tasks.passed.value.size === lab.tasks.length && (
        <p class="done" role="status">
          <strong>Everything here holds.</strong> Attack it once more by hand if you like, then stop the lab.
        </p>
      )}
      {lab.tasks.map((task, index) => (
        <TaskCard key={task.id} workspace={workspace} task={task} number={index + 1} />
      ))}
    </aside>
  );
}
