import { computed, signal } from '@preact/signals';
import { z } from 'zod';

/** The most shells one page holds; the server's bound is higher, for several windows. */
export const MOST_TERMINALS = 8;

const Tab = z.object({ target: z.string(), name: z.string() });
const Kept = z.object({ tabs: z.array(Tab).min(1).max(MOST_TERMINALS), shown: z.int().min(0) });

/** One shell: `name` tells those of one target apart, "main" first, then "2", "3" and so on. */
export type Tab = z.infer<typeof Tab>;
export type Tabs = ReturnType<typeof createTabs>;

const FIRST: Tab = { target: 'workbench', name: 'main' };

export const tabKey = ({ target, name }: Tab): string => `${target} ${name}`;
/** What a person calls it. */
export const tabLabel = ({ target, name }: Tab): string => (name === 'main' ? target : `${target} ${name}`);

/** Which shells of a session this page shows, in order; kept in the browser, so that a reload finds them again. */
export function createTabs(storage: Storage, session: string, targets: readonly string[]) {
  const place = `drydock-terminals:${session}`;
  const kept = readKept(storage.getItem(place), targets);
  const all = signal<readonly Tab[]>(kept.tabs);
  const shown = signal<Tab>(kept.tabs[kept.shown] ?? FIRST);

  function keep(tabs: readonly Tab[], next: Tab): void {
    all.value = tabs;
    shown.value = next;
    try {
      storage.setItem(place, JSON.stringify({ tabs, shown: tabs.indexOf(next) }));
    } catch {
      // A full storage only means that a reload shows the first terminal alone; the shells live on.
    }
  }

  return {
    all,
    shown,
    full: computed(() => all.value.length >= MOST_TERMINALS),
    show: (tab: Tab) => keep(all.value, tab),
    /** Opens one more shell of a target and shows it; null when there are enough. */
    open(target: string): Tab | null {
      if (all.value.length >= MOST_TERMINALS) return null;
      const taken = new Set(all.value.filter((tab) => tab.target === target).map((tab) => tab.name));
      const name = ['main', ...numbers()].find((one) => !taken.has(one)) ?? 'main';
      const tab = { target, name };
      keep([...all.value, tab], tab);
      return tab;
    },
    /** Takes a tab away and shows its neighbour; the last one stays. */
    close(tab: Tab): void {
      const at = all.value.indexOf(tab);
      const rest = all.value.filter((one) => one !== tab);
      const neighbour = rest[Math.min(at, rest.length - 1)];
      if (at < 0 || neighbour === undefined) return;
      keep(rest, shown.value === tab ? neighbour : shown.value);
    },
  };
}

const numbers = () => Array.from({ length: MOST_TERMINALS }, (_, at) => `${at + 2}`);

function readKept(text: string | null, targets: readonly string[]): z.infer<typeof Kept> {
  const fresh = { tabs: [FIRST], shown: 0 };
  if (text === null) return fresh;
  const found = Kept.safeParse(parseJson(text));
  const known = found.success && found.data.tabs.every(({ target }) => targets.includes(target));
  return known ? found.data : fresh;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
