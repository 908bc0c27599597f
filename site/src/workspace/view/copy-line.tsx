import { useState } from 'preact/hooks';

interface Props {
  readonly label: string;
  /** The button's accessible name. */
  readonly name: string;
  readonly line: string;
}

/** One shell line with a button that copies it; it is never run from here. */
export function CopyLine({ label, name, line }: Props) {
  const [note, setNote] = useState('');
  const copy = () =>
    navigator.clipboard.writeText(line).then(
      () => setNote('Copied'),
      () => setNote('Select the line and press Ctrl+C'),
    );
  return (
    <div class="replay">
      <p>
        {label}
        <button type="button" class="quiet" aria-label={name} onClick={() => void copy()}>
          Copy
        </button>
        <span role="status">{note}</span>
      </p>
      <pre tabIndex={0}>{line}</pre>
    </div>
  );
}
