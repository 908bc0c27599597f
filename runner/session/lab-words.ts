import { ResetRequest, type ResetResult } from '#contract';

/** What `lab reset` was asked to put back; null when its words are not understood. */
export function resetRequest(words: readonly string[]): ResetRequest | null {
  const [first = '', second] = words;
  if (words.length > 2) return null;
  const what =
    second === undefined
      ? ({ '--all': { all: true }, '--data': { data: true } }[first] ??
        (first.startsWith('-') ? null : { file: inWorkspace(first) }))
      : ({ '--service': { service: second }, '--task': { task: second } }[first] ?? null);
  const parsed = ResetRequest.safeParse(what);
  return parsed.success ? parsed.data : null;
}

/** A file is named from the workspace on, however the shell completed it. */
const inWorkspace = (path: string) => path.replace(/^(\/home\/learner\/ferry\/|~\/ferry\/)?(\.\/)*/, '');

export function resetText(what: ResetRequest, { files, services }: ResetResult): string {
  if ('data' in what)
    return services.length === 0
      ? 'No service of this lab stores data.\n'
      : `Cleared the data of ${services.join(', ')} and started it anew.\n`;
  if (files.length === 0) return 'Nothing to put back: it is as the lab shipped it.\n';
  return `Put back as the lab shipped it:\n${files.map((file) => `  ${file}\n`).join('')}What runs is as it was; "lab apply" deploys it.\n`;
}

export interface CaptureWords {
  readonly service: string;
  readonly seconds: number;
  readonly filter: string;
}

const SECONDS = 10;
const MOST_SECONDS = 60;

/** `SERVICE [--seconds N] [FILTER …]`; null when that is not what it says. The filter is tcpdump's to understand. */
export function captureWords(words: readonly string[]): CaptureWords | null {
  const [service, ...rest] = words;
  if (!service || service.startsWith('-')) return null;
  const timed = rest[0] === '--seconds';
  const seconds = timed ? Number(rest[1]) : SECONDS;
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > MOST_SECONDS) return null;
  return { service, seconds, filter: rest.slice(timed ? 2 : 0).join(' ') };
}
