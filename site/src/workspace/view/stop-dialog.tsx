import type { RefObject } from 'preact';

interface Props {
  readonly dialog: RefObject<HTMLDialogElement>;
  readonly stop: () => void;
}

/** Asks first: what the services stored goes, and shells end. */
export function StopDialog({ dialog, stop }: Props) {
  const close = () => dialog.current?.close();
  return (
    <dialog ref={dialog} class="ask" aria-labelledby="stop-title">
      <h2 id="stop-title">Stop this lab?</h2>
      <p>
        Your files and what you have passed are kept; opening the lab again goes on from there. Shells end, and what the
        services stored is gone.
      </p>
      <p class="buttons">
        <button type="button" onClick={close}>
          Keep working
        </button>
        <button
          type="button"
          class="danger"
          onClick={() => {
            close();
            stop();
          }}
        >
          Stop the lab
        </button>
      </p>
    </dialog>
  );
}
