import { useState } from 'preact/hooks';
import type { LabTask } from '../model/lab.ts';
import type { Workspace } from '../model/workspace.ts';

interface Props {
  readonly workspace: Workspace;
  readonly task: LabTask;
  readonly passed: boolean;
}

/** Where the flag of an exploit is handed in. */
export function FlagForm({ workspace: { tasks, phase }, task, passed }: Props) {
  const [flag, setFlag] = useState('');
  const result = tasks.flags.value.get(task.id);
  const ready = phase.value === 'open' && tasks.asking.value === null && flag.trim() !== '';
  return (
    <form
      class="flag"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void tasks.handIn(task.id, flag.trim());
      }}
    >
      <label for={`flag-${task.id}`}>Flag for {task.title}</label>
      <div class="row">
        <input
          id={`flag-${task.id}`}
          type="text"
          value={flag}
          onInput={(event) => setFlag(event.currentTarget.value)}
          placeholder={passed ? 'Already accepted' : 'Paste it here'}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          maxLength={200}
        />
        <button type="submit" disabled={!ready}>
          Hand in
        </button>
      </div>
      <p role="status" class={result?.accepted ? 'accepted' : 'refused'}>
        {result?.message ?? ''}
      </p>
    </form>
  );
}
