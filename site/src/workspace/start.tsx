import { render } from 'preact';
import { config } from 'zod';
import { createAsk } from './api/ask.ts';
import type { Lab } from './model/lab.ts';
import { createWorkspace } from './model/workspace.ts';
import { WorkspacePage } from './view/workspace-page.tsx';

// The content security policy forbids compiled validators.
config({ jitless: true });

const place = document.querySelector<HTMLElement>('[data-workspace]');
const data = document.querySelector('[data-lab]');
if (place && data?.textContent) {
  const lab = JSON.parse(data.textContent) as Lab;
  const ask = createAsk((...request) => fetch(...request));
  const workspace = createWorkspace(lab, {
    ask,
    now: () => Date.now(),
    drafts: localStorage,
    visible: () => document.visibilityState === 'visible',
  });
  place.replaceChildren();
  render(<WorkspacePage workspace={workspace} />, place);
  addEventListener('beforeunload', (event) => {
    if (workspace.documents.dirty.value.size > 0) event.preventDefault();
  });
  void workspace.open();
}
