import { useEffect, useRef, useState } from 'preact/hooks';
import { MOST_TERMINALS } from '../terminal/tabs.ts';

interface Props {
  readonly targets: readonly string[];
  readonly full: boolean;
  readonly open: (target: string) => void;
}

/** Asks where the new shell shall run (ARIA Authoring Practices, "Menu Button"). */
export function NewTerminal({ targets, full, open }: Props) {
  const whole = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const [unfolded, setUnfolded] = useState(false);
  const items = () => [...(whole.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];

  useEffect(() => {
    if (unfolded) items()[0]?.focus();
  }, [unfolded]);

  function fold() {
    setUnfolded(false);
    button.current?.focus();
  }

  function press(event: KeyboardEvent) {
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    if (event.key === 'ArrowDown') all[(at + 1) % all.length]?.focus();
    else if (event.key === 'ArrowUp') all.at(at - 1)?.focus();
    else if (event.key === 'Home') all[0]?.focus();
    else if (event.key === 'End') all.at(-1)?.focus();
    else if (event.key === 'Escape') fold();
    else return;
    event.preventDefault();
  }

  return (
    <div
      class="new-terminal"
      ref={whole}
      onFocusOut={(event) => {
        if (!whole.current?.contains(event.relatedTarget as Node | null)) setUnfolded(false);
      }}
    >
      <button
        type="button"
        class="quiet"
        ref={button}
        aria-label="New terminal"
        aria-haspopup="menu"
        aria-expanded={unfolded}
        disabled={full}
        title={full ? `${MOST_TERMINALS} terminals are open; close one first` : 'New terminal'}
        onClick={() => setUnfolded(!unfolded)}
      >
        +
      </button>
      {unfolded && (
        <div class="menu" role="menu" aria-label="New terminal in" onKeyDown={press}>
          {targets.map((target) => (
            <button
              type="button"
              role="menuitem"
              tabIndex={-1}
              key={target}
              onClick={() => {
                setUnfolded(false);
                open(target);
              }}
            >
              {target}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
