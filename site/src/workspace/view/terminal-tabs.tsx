import { useEffect, useRef } from 'preact/hooks';
import type { TerminalState } from '../terminal/connection.ts';
import { type Tab, type Tabs, tabKey, tabLabel } from '../terminal/tabs.ts';
import { panelId } from './terminal-pane.tsx';

interface Props {
  readonly tabs: Tabs;
  readonly stateOf: (tab: Tab) => TerminalState;
  readonly close: (tab: Tab) => void;
  /** Puts the keyboard into the shown terminal. */
  readonly enter: () => void;
}

export const STATES: Readonly<Record<TerminalState, string>> = {
  connecting: 'connecting',
  connected: 'connected',
  reconnecting: 'reconnecting, typing is off',
  ended: 'shell ended',
  elsewhere: 'open in another window',
  closed: 'closed',
};

/** The tabs (ARIA Authoring Practices, "Tabs"): arrow keys choose, Enter goes in, Delete closes. */
export function TerminalTabs({ tabs, stateOf, close, enter }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const all = tabs.all.value;
  const shown = tabs.shown.value;
  const several = all.length > 1;

  useEffect(
    () => list.current?.querySelector('[aria-selected=true]')?.parentElement?.scrollIntoView({ block: 'nearest' }),
    [shown],
  );

  function choose(at: number) {
    const tab = all[(at + all.length) % all.length];
    if (!tab) return;
    tabs.show(tab);
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[all.indexOf(tab)]?.focus();
  }

  function press(event: KeyboardEvent, at: number, tab: Tab) {
    if (event.key === 'ArrowRight') choose(at + 1);
    else if (event.key === 'ArrowLeft') choose(at - 1);
    else if (event.key === 'Home') choose(0);
    else if (event.key === 'End') choose(-1);
    else if (event.key === 'Enter') enter();
    else if (event.key === 'Delete' && several) {
      close(tab);
      requestAnimationFrame(() => list.current?.querySelector<HTMLElement>('[aria-selected=true]')?.focus());
    } else return;
    event.preventDefault();
  }

  return (
    <div class="terminal-tabs" role="tablist" aria-label="Terminals" ref={list}>
      {all.map((tab, at) => (
        <span class="terminal-tab" role="presentation" key={tabKey(tab)}>
          <button
            type="button"
            role="tab"
            aria-selected={tab === shown}
            aria-controls={panelId(tab)}
            aria-label={`${tabLabel(tab)}, ${STATES[stateOf(tab)]}`}
            aria-keyshortcuts={several ? 'Delete' : undefined}
            tabIndex={tab === shown ? 0 : -1}
            onClick={() => tabs.show(tab)}
            onKeyDown={(event) => press(event, at, tab)}
          >
            <i class={`mark ${stateOf(tab)}`} aria-hidden="true" />
            {tabLabel(tab)}
          </button>
          {several && (
            <button
              type="button"
              class="shut"
              tabIndex={-1}
              aria-label={`Close ${tabLabel(tab)}`}
              title="Close: ends its shell (Delete)"
              onClick={() => close(tab)}
            >
              ×
            </button>
          )}
        </span>
      ))}
    </div>
  );
}
