import { signal } from '@preact/signals';
import type { Problem } from '#contract';
import { RequestFailed } from '../api/ask.ts';

export type Notices = ReturnType<typeof createNotices>;

/** The one sentence and the one problem shown above the work. */
export function createNotices() {
  const said = signal('');
  const problem = signal<Problem | null>(null);

  return {
    said,
    problem,
    say(sentence: string) {
      said.value = sentence;
    },
    show(shown: Problem) {
      problem.value = shown;
    },
    /** Shows what went wrong; an error that is not an answer of the runner is a fault of the page and is rethrown. */
    failed(error: unknown) {
      if (!(error instanceof RequestFailed)) throw error;
      problem.value = asProblem(error);
    },
    clear() {
      said.value = '';
      problem.value = null;
    },
  };
}

function asProblem({ failure }: RequestFailed): Problem {
  if (failure.kind === 'problem') return failure.problem;
  return {
    name: failure.kind,
    title: 'The runner does not answer',
    message: 'The request did not reach it, or something else answered in its place.',
    hint: 'See whether "npm start" is still running in its terminal, then try again. Your text is still in the editor.',
    at: [],
  };
}
