import type { Exchange } from './http.ts';

/** Replaces the launch's secrets: evidence is shown on screens and may be handed on. */
export type Mask = (text: string) => string;

export function maskSecrets(secrets: Readonly<Record<string, string>>): Mask {
  const known = Object.entries(secrets)
    .filter(([, value]) => value.length >= 8)
    .flatMap(([name, value]) =>
      [value, encodeURI(value), encodeURIComponent(value)].map((form) => [name, form] as const),
    );
  return (text) => known.reduce((masked, [name, form]) => masked.replaceAll(form, `‹${name}›`), text);
}

const SHOWN_HEADERS = ['content-type', 'authorization', 'location', 'retry-after', 'www-authenticate'];
const BODY_SHOWN = 800;

/**
 * One exchange as a person reads it: request line, telling headers, status, the start of the body. Masked before
 * anything is cut, so that no part of a secret is left at the end.
 */
export function transcript(exchange: Exchange, mask: Mask): string {
  const { answer } = exchange;
  const url = new URL(exchange.url);
  const lines = [
    `> ${exchange.method} ${url.pathname}${url.search}`,
    `> host: ${url.host}`,
    ...headerLines('>', exchange.headers, mask),
    ...(exchange.body ? ['>', ...quoted('>', mask(exchange.body))] : []),
    '',
    ...(answer.failure
      ? [`< ${answer.failure}`]
      : [`< ${answer.status}`, ...headerLines('<', answer.headers, mask), '<', ...quoted('<', mask(answer.body))]),
  ];
  return mask(lines.join('\n'));
}

function headerLines(mark: string, headers: Readonly<Record<string, string>>, mask: Mask): string[] {
  return SHOWN_HEADERS.flatMap((name) => {
    const value = headers[name];
    return value === undefined ? [] : [`${mark} ${name}: ${plain(mask(value)).slice(0, 2000)}`];
  });
}

function quoted(mark: string, text: string): string[] {
  const cut = text.length > BODY_SHOWN ? `${text.slice(0, BODY_SHOWN)}… (${text.length} characters)` : text;
  return plain(cut)
    .split('\n')
    .slice(0, 40)
    .map((line) => `${mark} ${line}`);
}

/** No control character a service sent reaches a reader's screen. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '·');
}

/** The same request as one shell line for the workbench. */
export function replayLine(exchange: Exchange, mask: Mask): string {
  const headers = Object.entries(exchange.headers).filter(([name]) => name !== 'host' && name !== 'content-length');
  const words = [
    'curl -isS --max-time 5',
    ...(exchange.method === 'GET' ? [] : [`-X ${exchange.method}`]),
    ...headers.map(([name, value]) => `-H ${shellQuote(`${name}: ${value}`)}`),
    ...(exchange.body ? [`--data-binary ${shellQuote(exchange.body)}`] : []),
    shellQuote(exchange.url),
  ];
  return mask(words.join(' '));
}

export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
