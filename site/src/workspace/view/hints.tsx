import type { LabTask } from '../model/lab.ts';
import type { Workspace } from '../model/workspace.ts';

/** Hints come from the runner, one at a time; the page does not hold them. */
export function Hints({ workspace: { tasks, phase }, task }: { workspace: Workspace; task: LabTask }) {
  if (task.hints === 0) return null;
  const result = tasks.hints.value.get(task.id);
  const left = result?.left ?? task.hints;
  return (
    <div class="hints">
      {result && (
        <ol aria-live="polite">
          {result.shown.map((hint) => (
            <li key={hint}>{hint}</li>
          ))}
        </ol>
      )}
      {left > 0 && (
        <button
          type="button"
          class="quiet"
          aria-label={`Hint for ${task.title}, ${left} left`}
          disabled={phase.value !== 'open' || tasks.asking.value !== null}
          onClick={() => void tasks.hint(task.id)}
        >
          {result ? 'Another hint' : 'Hint'} ({left} left)
        </button>
      )}
    </div>
  );
}
