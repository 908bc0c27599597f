import type { Verdict } from '#contract';
import { CopyLine } from './copy-line.tsx';

const NAMES = { passed: 'Passed', 'not-yet': 'Not yet', broken: 'Check failed' } as const;

interface Props {
  readonly title: string;
  readonly verdict: Verdict;
}

/** One task's verdict. Everything the checker saw is shown as text, never as markup. */
export function VerdictCard({ title, verdict }: Props) {
  return (
    <article class="card" aria-label={`Verdict: ${title}`}>
      <h3>
        {title} <span class={`verdict ${verdict.verdict}`}>{NAMES[verdict.verdict]}</span>
      </h3>
      <p class="message">{verdict.message.text}</p>
      {verdict.evidence.map((piece, index) => (
        <figure key={index}>
          <figcaption>{piece.title}</figcaption>
          <pre tabIndex={0}>{piece.text}</pre>
        </figure>
      ))}
      {verdict.replay !== '' && (
        <CopyLine label="See it yourself, in the terminal" name={`Copy the replay of ${title}`} line={verdict.replay} />
      )}
      {verdict.probes.length > 0 && (
        <ul class="probes" aria-label="Probes">
          {verdict.probes.map((probe) => (
            <li key={probe.probe} class={isGood(probe) ? 'good' : 'bad'}>
              <span class="probe">{probe.probe}</span> {says(probe)}
            </li>
          ))}
        </ul>
      )}
    </article>
  );
}

type Probe = Verdict['probes'][number];

/** A benign probe is `open` when the ordinary request still works. */
function isGood({ kind, finding }: Probe): boolean {
  return kind === 'attack' ? finding === 'closed' : finding === 'open';
}

function says({ kind, finding }: Probe): string {
  if (finding === 'unreached') return 'did not reach its target';
  if (kind === 'attack') return finding === 'open' ? 'attack succeeds' : 'attack refused';
  return finding === 'open' ? 'still works' : 'no longer works';
}
