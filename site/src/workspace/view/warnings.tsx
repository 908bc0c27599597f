import type { Workspace } from '../model/workspace.ts';

/** What the learner should know while working: what is wrong around the lab, services that are down, a stop that is near. */
export function Warnings({ workspace }: { workspace: Workspace }) {
  const session = workspace.session.value;
  if (!session) return null;
  const { stopsAt, troubles, warning } = session;
  return (
    <>
      {warning && (
        <section class="conflict" role="alert">
          <p>{warning}</p>
        </section>
      )}
      {stopsAt && (
        <section class="conflict" role="alert">
          <p>
            <strong>This lab stops at {clockTime(stopsAt)}</strong> unless you go on with it. Your files are kept then.{' '}
            <button type="button" onClick={() => void workspace.extend()}>
              Keep it running
            </button>
          </p>
        </section>
      )}
      {troubles.map(({ service, state, message }) => (
        <section class="conflict" role="alert" key={service}>
          <p>
            <strong>{state === 'crashed' ? `${service} crashed` : `${service} is gone`}</strong>
          </p>
          <pre tabIndex={0}>{message}</pre>
        </section>
      ))}
    </>
  );
}

const clockTime = (at: string) => new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
