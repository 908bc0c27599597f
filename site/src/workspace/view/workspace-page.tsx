import { useRef } from 'preact/hooks';
import type { Workspace } from '../model/workspace.ts';
import { Bench } from './bench.tsx';
import { Gate } from './gate.tsx';
import { ProblemBox } from './problem-box.tsx';
import { ResetDialog } from './reset-dialog.tsx';
import { StopDialog } from './stop-dialog.tsx';
import { TaskList } from './task-list.tsx';
import { TopBar } from './top-bar.tsx';
import { Warnings } from './warnings.tsx';

/** The whole page: the bar, the tasks, and either the bench or why there is none yet. */
export function WorkspacePage({ workspace }: { workspace: Workspace }) {
  const stopping = useRef<HTMLDialogElement>(null);
  const resetting = useRef<HTMLDialogElement>(null);
  const open = workspace.phase.value === 'open';
  return (
    <>
      <TopBar
        workspace={workspace}
        askStop={() => stopping.current?.showModal()}
        askReset={() => resetting.current?.showModal()}
      />
      <div class="floor">
        <TaskList workspace={workspace} />
        <main class="middle" aria-label="Workspace">
          <ProblemBox workspace={workspace} />
          {open && <Warnings workspace={workspace} />}
          {open ? <Bench workspace={workspace} /> : <Gate workspace={workspace} />}
        </main>
      </div>
      <ResetDialog dialog={resetting} workspace={workspace} />
      <StopDialog dialog={stopping} stop={workspace.stop} />
    </>
  );
}
