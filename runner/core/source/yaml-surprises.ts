import { type Document, isNode, isScalar, type Node, visit } from 'yaml';

/**
 * What YAML can do and a file of ours may not, by offset: aliases (a small file can blow up), keys that are no plain
 * words, and a key twice in one map. Linear in the file; the parser's own look for repeated keys is not.
 */
export function yamlSurprises(document: Document): { offset: number; message: string }[] {
  const found: { offset: number; message: string }[] = [];
  const add = (node: Node, message: string) => found.push({ offset: node.range?.[0] ?? 0, message });
  visit(document, {
    Alias: (_, alias) => void add(alias, `"*${alias.source}": aliases are not allowed here; write the value out`),
    Map: (_, map) => {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key)) add(isNode(key) ? key : map, 'a key must be a plain word');
        else if (seen.has(String(key.value))) add(key, `${key.value}: this key is here twice`);
        else seen.add(String(key.value));
      }
    },
  });
  return found;
}
