/**
 * What a log may say of an error: its kind, its code, its message and where it was thrown. Not what hangs on it, which
 * may be anything, and of a text that could not be parsed not the message either: it quotes the text.
 */
export function errorForLog(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { type: typeof error };
  const quotes = error instanceof SyntaxError;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    type: error.name,
    ...('code' in error && { code: String(error.code) }),
    ...(!quotes && { message: error.message }),
    stack: frames.join('\n'),
  };
}
