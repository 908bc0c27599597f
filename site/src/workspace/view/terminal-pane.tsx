import { useEffect, useRef } from 'preact/hooks';
import type { TerminalState } from '../terminal/connection.ts';
import type { Screen } from '../terminal/screen.ts';
import { type Tab, tabKey, tabLabel } from '../terminal/tabs.ts';

interface Props {
  readonly session: string;
  readonly tab: Tab;
  readonly shown: boolean;
  readonly spoken: boolean;
  readonly state: (state: TerminalState) => void;
  readonly leave: () => void;
  /** Told the screen once it stands, and null when it is taken away. */
  readonly mounted: (screen: Screen | null) => void;
}

export const panelId = (tab: Tab) => `terminal-${tabKey(tab).replace(' ', '-')}`;

/** One shell's screen. The terminal itself is fetched when the lab is open. */
export function TerminalPane({ session, tab, shown, spoken, state, leave, mounted }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const screen = useRef<Screen | null>(null);
  const key = tabKey(tab);

  useEffect(() => {
    let gone = false;
    void import('../terminal/screen.ts').then((module) => {
      if (gone || place.current === null) return;
      screen.current = module.mountScreen(place.current, { session, tab, state, leave });
      screen.current.speak(spoken);
      mounted(screen.current);
    });
    return () => {
      gone = true;
      mounted(null);
      screen.current?.dispose();
      screen.current = null;
    };
  }, [session, key]);
  useEffect(() => screen.current?.speak(spoken), [spoken]);

  return (
    <div
      class="terminal-place"
      role="tabpanel"
      id={panelId(tab)}
      aria-label={tabLabel(tab)}
      hidden={!shown}
      ref={place}
    />
  );
}
