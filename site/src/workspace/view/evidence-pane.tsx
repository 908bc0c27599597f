import type { Workspace } from '../model/workspace.ts';
import { VerdictCard } from './verdict-card.tsx';

/** What the last check saw, task by task. */
export function EvidencePane({ workspace: { lab, verdicts } }: { workspace: Workspace }) {
  const judged = lab.tasks.filter((task) => verdicts.value.has(task.id));
  return (
    <section class="evidence" aria-label="Evidence" tabIndex={0}>
      <div class="pane-head">
        <h2>Evidence</h2>
      </div>
      {judged.length === 0 && (
        <p class="empty">
          Nothing checked yet. Check attacks the running services from outside and shows here what it saw.
        </p>
      )}
      {judged.map((task) => {
        const verdict = verdicts.value.get(task.id);
        return verdict && <VerdictCard key={task.id} title={task.title} verdict={verdict} />;
      })}
    </section>
  );
}
