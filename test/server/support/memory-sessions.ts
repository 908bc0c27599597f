import { createHash } from 'node:crypto';
import { DrydockError, type FileContent, type PublicLab, type Session } from '#contract';
import type { Sessions } from '../../../runner/core/ports/sessions.ts';
import { type FakeKeeper, fakeKeeper } from '../../terminal/support/fake-keeper.ts';

const LAB: PublicLab = {
  id: 'access-control',
  title: 'Access control',
  practice: 'access-control',
  summary: 'Tokens.',
  minutes: 30,
  services: ['gateway'],
  tasks: [
    {
      id: 'verify-signature',
      kind: 'fix',
      title: 'Verify',
      goal: 'Check it.',
      points: 10,
      services: ['gateway'],
      hints: 2,
      lesson: null,
      text: '',
    },
  ],
};

export interface MemorySessions extends Sessions {
  readonly keeper: FakeKeeper;
  /** Names of the calls that change something or reach a container, in order. */
  readonly effects: string[];
  end(id: string): void;
  /** Makes the next call of files() throw this. */
  failWith: unknown;
}

/** Sessions in memory, with real ownership, versions and endings, and one fake keeper for every terminal. */
export function memorySessions(keeper: FakeKeeper = fakeKeeper()): MemorySessions {
  const owned = new Map<string, { user: string; session: Session; files: Map<string, string> }>();
  const endings = new Map<string, Set<() => void>>();
  const effects: string[] = [];

  function mine(user: string, id: string) {
    const found = owned.get(id);
    if (found?.user !== user) throw new DrydockError('no-such-session', 'There is no session of this id.');
    return found;
  }
  const content = (path: string, text: string): FileContent => ({ path, version: version(text), content: text });

  const sessions: MemorySessions = {
    keeper,
    effects,
    failWith: undefined,
    labs: () => [LAB],
    async open(user, lab) {
      effects.push('open');
      if (lab !== LAB.id) throw new DrydockError('no-such-lab', `There is no lab "${lab}".`);
      const id = createHash('sha256').update(`${user} ${lab}`).digest('hex').slice(0, 16);
      const session: Session = {
        id,
        lab,
        state: 'ready',
        steps: [],
        services: ['gateway'],
        problem: null,
        openedAt: '2030-01-01T00:00:00.000Z',
        expiresAt: null,
        stopsAt: null,
        troubles: [],
        warning: null,
        ahead: 0,
        tasks: [{ task: 'verify-signature', state: 'open', verdict: null }],
      };
      owned.set(id, { user, session, files: new Map([['compose.yaml', 'services: {}\n']]) });
      return session;
    },
    list: (user) => [...owned.values()].filter((one) => one.user === user).map((one) => one.session),
    get: (user, id) => mine(user, id).session,
    async stop(user, id) {
      effects.push('stop');
      const { session } = mine(user, id);
      sessions.end(id);
      return { ...session, state: 'stopped' };
    },
    async files(user, id) {
      if (sessions.failWith !== undefined) throw sessions.failWith;
      return [...mine(user, id).files].map(([path, text]) => ({ path, bytes: text.length, version: version(text) }));
    },
    async readFile(user, id, path) {
      const text = mine(user, id).files.get(path);
      if (text === undefined) throw new DrydockError('no-such-file', `There is no file ${path}.`);
      return content(path, text);
    },
    async writeFile(user, id, file) {
      effects.push('writeFile');
      const { files } = mine(user, id);
      const now = files.get(file.path);
      if ((now === undefined ? null : version(now)) !== file.version)
        throw new DrydockError('file-changed', `${file.path} changed.`);
      files.set(file.path, file.content);
      return content(file.path, file.content);
    },
    async reset(user, id) {
      effects.push('reset');
      mine(user, id);
      return { files: [], services: [] };
    },
    async extend(user, id) {
      effects.push('extend');
      return mine(user, id).session;
    },
    async apply(user, id) {
      effects.push('apply');
      mine(user, id);
      return { changed: ['gateway'], milliseconds: 5 };
    },
    async check(user, id) {
      effects.push('check');
      mine(user, id);
      return { session: id, verdicts: [], milliseconds: 5 };
    },
    async flag(user, id, task) {
      effects.push('flag');
      mine(user, id);
      return { task, accepted: false, message: 'No.' };
    },
    async hint(user, id, task) {
      effects.push('hint');
      mine(user, id);
      return { task, shown: ['Look at the header.'], left: 1 };
    },
    async terminal(user, id, target) {
      mine(user, id);
      if (target === 'nowhere') throw new DrydockError('wrong-state', 'There is no container "nowhere".');
      return keeper.place();
    },
    onEnd(id, ended) {
      const set = endings.get(id) ?? new Set();
      endings.set(id, set.add(ended));
      return () => void set.delete(ended);
    },
    end(id) {
      for (const tell of [...(endings.get(id) ?? [])]) tell();
    },
  };
  return sessions;
}

function version(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
