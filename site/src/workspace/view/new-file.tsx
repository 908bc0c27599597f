import { useState } from 'preact/hooks';
import { WorkspacePath } from '#contract';

interface Props {
  readonly create: (path: string) => Promise<void>;
  readonly done: () => void;
}

/** Asks for a path and makes an empty file there. */
export function NewFile({ create, done }: Props) {
  const [path, setPath] = useState('');
  const problem = path === '' ? undefined : WorkspacePath.safeParse(path).error?.issues[0]?.message;
  return (
    <form
      class="new-file"
      onSubmit={(event) => {
        event.preventDefault();
        if (path === '' || problem) return;
        void create(path);
        done();
      }}
    >
      <input
        aria-label="Path of the new file"
        placeholder="gateway/new.ts"
        value={path}
        spellcheck={false}
        onInput={(event) => setPath(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && done()}
      />
      {problem && <p role="alert">{problem}</p>}
    </form>
  );
}
