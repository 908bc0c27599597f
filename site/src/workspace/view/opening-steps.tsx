import { useEffect, useState } from 'preact/hooks';
import type { Workspace } from '../model/workspace.ts';

const MARKS = { waiting: '○', running: '◐', done: '✓', failed: '✕' } as const;

/** The steps of a start, each with its time, and a clock that shows the page is alive. */
export function OpeningSteps({ workspace }: { workspace: Workspace }) {
  const elapsed = useClock(workspace);
  const steps = workspace.session.value?.steps ?? [];
  const ahead = workspace.session.value?.ahead ?? 0;
  return (
    <section class="gate opening" aria-label="Opening the lab">
      <h2>
        Opening the lab <span class="clock">{(elapsed / 1000).toFixed(1)} s</span>
      </h2>
      {ahead > 0 && (
        <p role="status">
          {ahead === 1 ? 'Another lab is' : `${ahead} other labs are`} started first; this one follows by itself.
        </p>
      )}
      <ol class="steps">
        {steps.map((step) => (
          <li key={step.name} class={step.state}>
            <span class="mark" aria-hidden="true">
              {MARKS[step.state]}
            </span>
            <span class="name">{step.name}</span>
            <span class="state">{step.state}</span>
            <span class="time">{step.milliseconds === null ? '' : `${(step.milliseconds / 1000).toFixed(2)} s`}</span>
          </li>
        ))}
      </ol>
      {steps.length === 0 && <p>Asking the runner for your own copy of the services…</p>}
      <p class="aside">
        The services of this lab are insecure on purpose. They run on this machine only, on networks without a way out.
      </p>
    </section>
  );
}

function useClock({ now, openedAt }: Workspace): number {
  const [time, setTime] = useState(now());
  useEffect(() => {
    const timer = setInterval(() => setTime(now()), 100);
    return () => clearInterval(timer);
  }, []);
  return Math.max(0, time - openedAt.value);
}
