const LIMIT = 250;
const CODE = /\.(ts|tsx|js|mjs|cjs|astro|css|c|h|sh)$|(^|\/)(Dockerfile|drydock)$/;

/** Finds code files of more than 250 lines; data and prose are as long as they need to be. */
export function fileLength(path: string, text: string): string[] {
  if (!CODE.test(path)) return [];
  const lines = text.replace(/\n$/, '').split('\n').length;
  return lines > LIMIT ? [`${path} has ${lines} lines, more than ${LIMIT}. Cut it by stage of life into files.`] : [];
}
