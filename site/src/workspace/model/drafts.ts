/** Text not saved yet, kept in the browser so that a closed tab loses nothing. One entry per session and file. */
export function createDrafts(storage: Storage, session: () => string) {
  const key = (path: string) => `drydock-draft:${session()}:${path}`;
  return {
    read(path: string): string | null {
      return storage.getItem(key(path));
    },
    keep(path: string, text: string) {
      try {
        storage.setItem(key(path), text);
      } catch {
        // A full storage only means that this text is not kept twice; it is still in the editor.
      }
    },
    drop(path: string) {
      storage.removeItem(key(path));
    },
  };
}
