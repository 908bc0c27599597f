import { useEffect, useRef, useState } from 'preact/hooks';
import type { TerminalState } from '../terminal/connection.ts';
import type { mountScreen } from '../terminal/screen.ts';

interface Props {
  readonly session: string;
  readonly target: string;
  readonly leave: () => void;
}

/** Where the browser remembers that a screen reader reads the terminal. */
const SPOKEN = 'drydock-screen-reader';
const isSpoken = () => localStorage.getItem(SPOKEN) === 'true';

const NAMES: Record<TerminalState, string> = {
  connecting: 'connecting',
  connected: 'connected',
  reconnecting: 'reconnecting, typing is off',
  ended: 'shell ended',
  closed: 'closed',
};

/** One shell. The terminal itself is fetched when the lab is open. */
export function TerminalPane({ session, target, leave }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const screen = useRef<ReturnType<typeof mountScreen> | null>(null);
  const [state, setState] = useState<TerminalState>('connecting');
  const [spoken, setSpoken] = useState(isSpoken);

  useEffect(() => {
    let gone = false;
    void import('../terminal/screen.ts').then((module) => {
      if (gone || place.current === null) return;
      screen.current = module.mountScreen(place.current, { session, target, state: setState, leave });
      screen.current.speak(isSpoken());
    });
    return () => {
      gone = true;
      screen.current?.dispose();
      screen.current = null;
    };
  }, [session, target]);

  function toggle() {
    localStorage.setItem(SPOKEN, `${!spoken}`);
    setSpoken(!spoken);
    screen.current?.speak(!spoken);
  }

  const cut = state === 'reconnecting' || state === 'ended';
  return (
    <section class="terminal" aria-label={`Terminal: ${target}`}>
      <div class="pane-head">
        <h2>{target}</h2>
        <span class={`line ${state}`} role="status">
          {NAMES[state]}
        </span>
        {cut && (
          <button type="button" class="quiet" onClick={() => screen.current?.again()}>
            Connect now
          </button>
        )}
        <button type="button" class="quiet" aria-pressed={spoken} onClick={toggle}>
          Screen reader
        </button>
        <span class="keys">Ctrl+Shift+E leaves</span>
      </div>
      <div class="terminal-place" ref={place} />
    </section>
  );
}
