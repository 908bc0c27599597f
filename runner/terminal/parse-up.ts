import { TERMINAL_CLOSE, TerminalUp } from '#contract';

export type Up =
  | TerminalUp
  | { readonly type: 'input'; readonly bytes: Buffer }
  | { readonly type: 'bad'; readonly code: number };

/** One frame from a browser: binary is keystrokes, text is a message of the contract. */
export function parseUp(data: Buffer, binary: boolean): Up {
  if (binary) return { type: 'input', bytes: data };
  let message: unknown;
  try {
    message = JSON.parse(data.toString('utf8'));
  } catch {
    return { type: 'bad', code: TERMINAL_CLOSE.notText };
  }
  const parsed = TerminalUp.safeParse(message);
  return parsed.success ? parsed.data : { type: 'bad', code: TERMINAL_CLOSE.notUnderstood };
}
