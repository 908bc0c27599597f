// Runs before the first paint: the reader's choice if there is one, else what the system asks for.
(() => {
  const light = matchMedia('(prefers-color-scheme: light)');
  const paint = () => {
    let chosen = null;
    try {
      chosen = localStorage.getItem('starlight-theme');
    } catch {
      // Storage may be forbidden; the system's wish is enough then.
    }
    document.documentElement.dataset.theme = chosen || (light.matches ? 'light' : 'dark');
  };
  paint();
  light.addEventListener('change', paint);
})();
