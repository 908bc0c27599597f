import { spawn } from 'node:child_process';

/** Opens an address where there is a display to open it on; without one, or without a browser, nothing happens. */
export function openBrowser(url: string, environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  const display = platform === 'darwin' || environment.DISPLAY || environment.WAYLAND_DISPLAY;
  if (!display || environment.CI || environment.SSH_CONNECTION) return false;
  const child = spawn(platform === 'darwin' ? 'open' : 'xdg-open', [url], { detached: true, stdio: 'ignore' });
  child.on('error', () => {});
  child.unref();
  return true;
}
