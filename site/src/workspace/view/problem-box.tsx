import type { Workspace } from '../model/workspace.ts';

/** The problem at hand: what, why, what to do, and where; a place opens in the editor. */
export function ProblemBox({ workspace: { notices, documents } }: { workspace: Workspace }) {
  const problem = notices.problem.value;
  if (problem === null) return null;
  return (
    <section class="problem" role="alert">
      <div>
        <h2>{problem.title}</h2>
        <p class="message">{problem.message}</p>
        <Places places={problem.at} open={documents.open} />
        <p class="hint">{problem.hint}</p>
      </div>
      <button
        type="button"
        class="quiet"
        aria-label="Dismiss the problem"
        onClick={() => (notices.problem.value = null)}
      >
        ✕
      </button>
    </section>
  );
}

type Place = NonNullable<Workspace['notices']['problem']['value']>['at'][number];
interface PlacesProps {
  readonly places: readonly Place[];
  readonly open: Workspace['documents']['open'];
}

function Places({ places, open }: PlacesProps) {
  if (places.length === 0) return null;
  return (
    <ul class="places">
      {places.map((place) => (
        <li key={`${place.file}:${place.line}:${place.column}:${place.message}`}>
          <button type="button" class="link" onClick={() => void open(place.file, place)}>
            {place.file}:{place.line}
          </button>{' '}
          {place.message}
        </li>
      ))}
    </ul>
  );
}
