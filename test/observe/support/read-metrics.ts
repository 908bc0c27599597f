const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[^}]*\})? (-?[0-9.e+-]+|nan|[+-]Inf)$/i;

/**
 * Name with labels → value, of a text in Prometheus' format
 * (https://prometheus.io/docs/instrumenting/exposition_formats/). Throws on a line that is not of it.
 */
export function readMetrics(text: string): ReadonlyMap<string, number> {
  const samples = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line === '' || /^# (HELP|TYPE) /.test(line)) continue;
    const [, name, labels = '', value] = SAMPLE.exec(line) ?? [];
    if (name === undefined) throw new Error(`no sample: ${line}`);
    samples.set(name + labels, Number(value));
  }
  return samples;
}
