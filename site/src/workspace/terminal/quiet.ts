import type { Terminal } from '@xterm/xterm';

/**
 * What a terminal would do on a program's word and ours does not: set the clipboard (OSC 52), rename the page
 * (OSC 0–2), make links (OSC 8), and answer queries. An answer would be typed into the shell, also when old output
 * is shown again after a reconnect, so no query is answered at all.
 */
export function keepQuiet({ parser }: Terminal): void {
  for (const osc of [0, 1, 2, 8, 52]) parser.registerOscHandler(osc, () => true);
  for (const osc of [4, 10, 11, 12]) parser.registerOscHandler(osc, (data) => data.includes('?'));
  for (const id of DEVICE_QUERIES) parser.registerCsiHandler(id, () => true);
  parser.registerDcsHandler({ intermediates: '$', final: 'q' }, () => true);
  parser.registerDcsHandler({ intermediates: '+', final: 'q' }, () => true);
}

/** Device attributes, status and cursor reports, mode queries, window reports, version. */
const DEVICE_QUERIES = [
  { final: 'c' },
  { prefix: '>', final: 'c' },
  { prefix: '=', final: 'c' },
  { final: 'n' },
  { prefix: '?', final: 'n' },
  { intermediates: '$', final: 'p' },
  { prefix: '?', intermediates: '$', final: 'p' },
  { final: 't' },
  { prefix: '>', final: 'q' },
  { prefix: '?', final: 'u' },
];
