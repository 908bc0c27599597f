import type { OutputPace } from './share-output.ts';

/** Output that may be on its way from a keeper to us: what Ctrl-C waits behind, and what a flood costs at once. */
export const OUTPUT_CREDIT = 64 * 1024;
/** Credit is given back in pieces of at least this, or every line would be answered by a frame. */
const PIECE = OUTPUT_CREDIT / 2;

/** Told of every byte that arrived; `grant` gives the keeper new credit for it, at the pace allowed. */
export function outputCredit(pace: Pick<OutputPace, 'take'>, grant: (bytes: number) => void): (bytes: number) => void {
  let owed = 0;
  let waits = false;

  function settle() {
    while (owed >= PIECE && !waits) {
      const bytes = owed;
      const give = () => {
        owed -= bytes;
        grant(bytes);
      };
      const wait = pace.take(bytes);
      if (!wait) {
        give();
        continue;
      }
      waits = true;
      void wait.then(() => {
        waits = false;
        give();
        settle();
      });
    }
  }

  return (bytes) => {
    owed += bytes;
    settle();
  };
}
