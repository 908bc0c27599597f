import { FitAddon } from '@xterm/addon-fit';
import { type ITheme, Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { connectTerminal, type TerminalState } from './connection.ts';
import { keepQuiet } from './quiet.ts';
import { type Tab, tabLabel } from './tabs.ts';

export interface ScreenOptions {
  readonly session: string;
  readonly tab: Tab;
  readonly state: (state: TerminalState) => void;
  /** The learner asked to leave the terminal by keyboard. */
  readonly leave: () => void;
}

export type Screen = ReturnType<typeof mountScreen>;

/** Puts a terminal into `place` and connects it. Returns how to take it away again. */
export function mountScreen(place: HTMLElement, { session, tab, state, leave }: ScreenOptions) {
  const terminal = new Terminal({
    fontFamily: getComputedStyle(place).getPropertyValue('--mono'),
    fontSize: 13,
    scrollback: 10_000,
    cursorBlink: true,
    allowProposedApi: false,
    theme: THEME,
  });
  keepQuiet(terminal);
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  terminal.open(place);
  terminal.textarea?.setAttribute('aria-label', `Terminal input: ${tabLabel(tab)}. Control Shift E leaves it.`);
  fit.fit();
  // WebGL rounds the width of a character, so other columns fit.
  void drawFaster(terminal).then(() => terminal.element && fit.fit());

  let ending = false;
  const connection = connectTerminal({
    address: ({ from, cols, rows }) => {
      const at = new URL(`/api/sessions/${session}/terminal`, location.href);
      at.protocol = at.protocol === 'https:' ? 'wss:' : 'ws:';
      const query = {
        ...tab,
        cols: `${cols}`,
        rows: `${rows}`,
        ...(from === null ? {} : { from: `${from}` }),
      };
      at.search = new URLSearchParams(query).toString();
      return at.href;
    },
    size: () => ({ cols: terminal.cols, rows: terminal.rows }),
    state: (next) => ending || state(next),
    draw: (bytes, drawn) => (ending ? drawn() : terminal.write(bytes, drawn)),
    note: (text) => ending || terminal.write(`\r\n\x1b[0;33m[${text.replace(/\p{Cc}/gu, ' ')}]\x1b[0m\r\n`),
  });

  terminal.onData((data) => {
    if (!connection.type(new TextEncoder().encode(data)) && data === '\r') connection.again();
  });
  terminal.onBinary((data) => connection.type(Uint8Array.from(data, (char) => char.charCodeAt(0))));
  terminal.onResize(connection.resize);
  terminal.attachCustomKeyEventHandler((event) => {
    if (!event.ctrlKey || !event.shiftKey) return true;
    if (event.code === 'KeyE') return act(event, leave);
    if (event.code === 'KeyC') return act(event, () => void navigator.clipboard.writeText(terminal.getSelection()));
    return true;
  });
  const watcher = new ResizeObserver(() => fit.fit());
  watcher.observe(place);

  return {
    focus: () => terminal.focus(),
    /** Keeps the screen's lines as text beside the drawing, for screen readers; costs time on much output. */
    speak(on: boolean) {
      terminal.options.screenReaderMode = on;
    },
    again: connection.again,
    /** Ends the shell; `dispose` then no longer cuts the line, which closes by itself once the shell is gone. */
    end() {
      ending = true;
      connection.end();
    },
    dispose() {
      watcher.disconnect();
      if (!ending) connection.close();
      terminal.dispose();
    },
  };
}

function act(event: KeyboardEvent, work: () => void): false {
  event.preventDefault();
  if (event.type === 'keydown') work();
  return false;
}

/** WebGL where the browser has it; without it, or when its context is lost, the DOM renderer goes on. */
async function drawFaster(terminal: Terminal): Promise<void> {
  try {
    const { WebglAddon } = await import('@xterm/addon-webgl');
    const addon = new WebglAddon();
    addon.onContextLoss(() => addon.dispose());
    terminal.loadAddon(addon);
  } catch {
    // The DOM renderer is already at work.
  }
}

const THEME: ITheme = {
  background: '#10181b',
  foreground: '#dfe7e9',
  cursor: '#f2b35b',
  selectionBackground: '#35606a',
  black: '#1b262a',
  brightBlack: '#7d8f96',
};
