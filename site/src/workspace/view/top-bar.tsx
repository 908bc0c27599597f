import type { Workspace } from '../model/workspace.ts';

interface Props {
  readonly workspace: Workspace;
  readonly askStop: () => void;
  readonly askReset: () => void;
}

/** Title, state, what was just done, and the three things one can do with the whole lab. */
export function TopBar({ workspace, askStop, askReset }: Props) {
  const { lab, phase, busy, notices, documents, session } = workspace;
  const idle = phase.value === 'open' && busy.value === null;
  const waiting = documents.dirty.value.size + documents.unapplied.value.size;
  const ends = session.value?.expiresAt;
  return (
    <header class="bar">
      <a class="home" href={`/${lab.practice}/`} aria-label="Back to the lesson">
        <img src="/favicon.svg" alt="" width="26" height="26" />
      </a>
      <h1>{lab.title}</h1>
      <ConnectionState workspace={workspace} />
      {ends && (
        <span class="ends">
          ends at {new Date(ends).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })}
        </span>
      )}
      <p class="said" role="status">
        {sentence(workspace)}
      </p>
      <button type="button" disabled={!idle} onClick={workspace.apply} class={waiting > 0 ? 'primary' : ''}>
        Apply
      </button>
      <button type="button" disabled={!idle} onClick={workspace.check} class={waiting > 0 ? '' : 'primary'}>
        Check
      </button>
      <button type="button" disabled={!idle} onClick={askReset}>
        Reset…
      </button>
      <button type="button" disabled={!idle} onClick={askStop}>
        Stop the lab
      </button>
    </header>
  );

  function sentence({ busy: { value } }: Workspace): string {
    if (value === 'applying') return 'Applying your changes…';
    if (value === 'checking') return 'Checking: the attacks are running…';
    if (value === 'resetting') return 'Putting it back…';
    if (value === 'stopping') return 'Stopping the lab…';
    if (notices.said.value !== '') return notices.said.value;
    return waiting > 0 && phase.value === 'open' ? 'You have changes that are not applied yet.' : '';
  }
}

const NAMES = {
  connecting: 'Connecting',
  'signed-out': 'Signed out',
  'no-runner': 'No runner',
  refused: 'Not started',
  opening: 'Opening',
  open: 'Connected',
  gone: 'Stopped',
} as const;

function ConnectionState({ workspace: { phase, connection } }: { workspace: Workspace }) {
  const cut = connection.value === 'reconnecting';
  const tone = cut
    ? 'warn'
    : phase.value === 'open'
      ? 'good'
      : phase.value === 'opening' || phase.value === 'connecting'
        ? 'busy'
        : 'off';
  return (
    <span class={`connection ${tone}`} role="status" aria-label="Connection">
      {cut ? 'Reconnecting' : NAMES[phase.value]}
    </span>
  );
}
