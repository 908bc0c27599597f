import type { ComponentChildren } from 'preact';
import type { Workspace } from '../model/workspace.ts';
import { OpeningSteps } from './opening-steps.tsx';

/** What stands where the bench will be, and what to do about it. */
export function Gate({ workspace }: { workspace: Workspace }) {
  const again = (
    <button type="button" class="primary" onClick={workspace.open}>
      Open the lab again
    </button>
  );
  switch (workspace.phase.value) {
    case 'signed-out':
      return (
        <Notice title="You are not signed in">
          <p>
            Open the address that <code>npm start</code> printed in its terminal; each start prints a fresh one. Then
            come back to this page.
          </p>
          {again}
        </Notice>
      );
    case 'no-runner':
      return (
        <Notice title="There is no runner here">
          <p>
            These pages are being served by themselves. A lab needs the Drydock runner, which starts its containers on
            your own machine: clone the project, run <code>npm start</code> and open the address it prints.
          </p>
          <p>The tasks and the lesson can be read without it.</p>
          <button type="button" onClick={workspace.open}>
            Look again
          </button>
        </Notice>
      );
    case 'refused':
      return <Notice title="The lab did not open">{again}</Notice>;
    case 'gone':
      return <Gone workspace={workspace}>{again}</Gone>;
    default:
      return <OpeningSteps workspace={workspace} />;
  }
}

function Gone({ workspace, children }: { workspace: Workspace; children: ComponentChildren }) {
  const problem = workspace.session.value?.problem;
  if (problem) {
    return (
      <Notice title={problem.title}>
        <p>{problem.message}</p>
        <p>{problem.hint}</p>
        {children}
      </Notice>
    );
  }
  return (
    <Notice title="This lab is stopped">
      <p>Its containers and networks are gone. Your files are kept: opening it again goes on with them.</p>
      {children}
    </Notice>
  );
}

function Notice({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="gate" role="alert">
      <h2>{title}</h2>
      {children}
    </section>
  );
}
