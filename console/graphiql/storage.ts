const PREFIX = 'countersign:';

/**
 * The browser's storage under names of our own. Developers run many servers on the same port one after another, and
 * any of them may have kept its own GraphiQL tabs under GraphiQL's names.
 */
export const namespacedStorage = {
  getItem: (key: string) => localStorage.getItem(PREFIX + key),
  setItem: (key: string, value: string) => localStorage.setItem(PREFIX + key, value),
  removeItem: (key: string) => localStorage.removeItem(PREFIX + key),
  clear: () => {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  },
  get length() {
    return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).length;
  },
};
