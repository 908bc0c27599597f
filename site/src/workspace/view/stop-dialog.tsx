import type { RefObject } from 'preact';

interface Props {
  readonly dialog: RefObject<HTMLDialogElement>;
  readonly stop: () => void;
}

/** Asks first: stopping takes the learner's changes with it. */
export function StopDialog({ dialog, stop }: Props) {
  const close = () => dialog.current?.close();
  return (
    <dialog ref={dialog} class="ask" aria-labelledby="stop-title">
      <h2 id="stop-title">Stop this lab?</h2>
      <p>Its containers, its networks and the files you changed in it are removed. This cannot be undone.</p>
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
          Stop and remove
        </button>
      </p>
    </dialog>
  );
}
