import { useMemo, useRef, useState } from 'preact/hooks';
import type { TerminalState } from '../terminal/connection.ts';
import type { Screen } from '../terminal/screen.ts';
import { createTabs, type Tab, tabKey, tabLabel } from '../terminal/tabs.ts';
import { NewTerminal } from './new-terminal.tsx';
import { TerminalPane } from './terminal-pane.tsx';
import { STATES, TerminalTabs } from './terminal-tabs.tsx';

interface Props {
  readonly session: string;
  readonly services: readonly string[];
  readonly leave: () => void;
}

/** Where the browser remembers that a screen reader reads the terminals. */
const SPOKEN = 'drydock-screen-reader';
const CUT: readonly TerminalState[] = ['reconnecting', 'ended', 'elsewhere'];

/** The shells of this page, one shown at a time; each keeps its own line. */
export function Terminals({ session, services, leave }: Props) {
  const targets = ['workbench', ...services];
  const tabs = useMemo(() => createTabs(localStorage, session, targets), [session]);
  const screens = useRef(new Map<string, Screen>()).current;
  const [states, setStates] = useState<ReadonlyMap<string, TerminalState>>(new Map());
  const [spoken, setSpoken] = useState(() => localStorage.getItem(SPOKEN) === 'true');
  /** A new shell gets the keyboard as soon as its screen stands. */
  const wanted = useRef<string | null>(null);
  const shown = tabs.shown.value;
  const stateOf = (tab: Tab) => states.get(tabKey(tab)) ?? 'connecting';
  const state = stateOf(shown);

  function mounted(tab: Tab, screen: Screen | null) {
    const key = tabKey(tab);
    if (screen === null) return void screens.delete(key);
    screens.set(key, screen);
    if (wanted.current !== key) return;
    wanted.current = null;
    screen.focus();
  }

  function open(target: string) {
    const tab = tabs.open(target);
    if (tab) wanted.current = tabKey(tab);
  }

  function close(tab: Tab) {
    screens.get(tabKey(tab))?.end();
    setStates((all) => new Map([...all].filter(([key]) => key !== tabKey(tab))));
    tabs.close(tab);
  }

  function toggle() {
    localStorage.setItem(SPOKEN, `${!spoken}`);
    setSpoken(!spoken);
  }

  return (
    <section class="terminal" aria-label={`Terminal: ${tabLabel(shown)}`}>
      <div class="pane-head">
        <TerminalTabs
          tabs={tabs}
          stateOf={stateOf}
          close={close}
          enter={() => screens.get(tabKey(tabs.shown.value))?.focus()}
        />
        <NewTerminal targets={targets} full={tabs.full.value} open={open} />
        <span class={`line ${state}`} role="status">
          {STATES[state]}
        </span>
        {CUT.includes(state) && (
          <button type="button" class="quiet" onClick={() => screens.get(tabKey(shown))?.again()}>
            {state === 'elsewhere' ? 'Use it here' : 'Connect now'}
          </button>
        )}
        <button type="button" class="quiet speak" aria-pressed={spoken} onClick={toggle}>
          Screen reader
        </button>
        {tabs.all.value.length < 3 && <span class="keys">Ctrl+Shift+E leaves</span>}
      </div>
      {tabs.all.value.map((tab) => (
        <TerminalPane
          key={tabKey(tab)}
          session={session}
          tab={tab}
          shown={tab === shown}
          spoken={spoken}
          leave={leave}
          state={(next) => setStates((all) => new Map([...all, [tabKey(tab), next]]))}
          mounted={(screen) => mounted(tab, screen)}
        />
      ))}
    </section>
  );
}
