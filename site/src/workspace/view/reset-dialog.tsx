import type { RefObject } from 'preact';
import { useState } from 'preact/hooks';
import type { ResetRequest } from '#contract';
import type { Workspace } from '../model/workspace.ts';

interface Props {
  readonly dialog: RefObject<HTMLDialogElement>;
  readonly workspace: Workspace;
}

/** What to put back as the lab shipped it. Nothing else is touched, and passed tasks stay passed until the next check. */
export function ResetDialog({ dialog, workspace }: Props) {
  const choices = choicesOf(workspace);
  const [chosen, choose] = useState('all');
  const close = () => dialog.current?.close();
  const what = (choices.find(({ key }) => key === chosen) ?? choices.at(-1))?.what;
  return (
    <dialog ref={dialog} class="ask" aria-labelledby="reset-title">
      <h2 id="reset-title">Put back what?</h2>
      <p>It becomes as the lab shipped it; your version of it is gone then. Apply deploys files that were put back.</p>
      <fieldset class="choices">
        <legend>What to put back</legend>
        {choices.map(({ key, label }) => (
          <label key={key}>
            <input type="radio" name="reset" checked={chosen === key} onChange={() => choose(key)} /> {label}
          </label>
        ))}
      </fieldset>
      <p class="buttons">
        <button type="button" onClick={close}>
          Keep everything
        </button>
        <button
          type="button"
          class="danger"
          onClick={() => {
            close();
            if (what) void workspace.reset(what);
          }}
        >
          Put it back
        </button>
      </p>
    </dialog>
  );
}

interface Choice {
  readonly key: string;
  readonly label: string;
  readonly what: ResetRequest;
}

function choicesOf({ documents, session, lab }: Workspace): Choice[] {
  const file = documents.current.value;
  return [
    ...(file === null ? [] : [{ key: 'file', label: `The file ${file}`, what: { file } }]),
    ...(session.value?.services ?? []).map((service) => ({
      key: `service ${service}`,
      label: `The files of ${service}`,
      what: { service },
    })),
    ...lab.tasks
      .filter(({ kind }) => kind === 'fix')
      .map(({ id, title }) => ({ key: `task ${id}`, label: `What “${title}” is about`, what: { task: id } })),
    { key: 'data', label: 'What the services stored (they start again)', what: { data: true } },
    { key: 'all', label: 'Every file', what: { all: true } },
  ];
}
