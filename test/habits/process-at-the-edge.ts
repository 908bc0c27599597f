import ts from 'typescript';

/** Programs of their own: the command line, the composition root, and what is copied into an image and run there. */
const PROGRAMS = /^runner\/(cli\/|main\.ts$|check\/probe\/main\.ts$|pipe\/agent\/)/;
const EDGE_ONLY = new Set(['env', 'exit', 'exitCode']);

const REPAIR =
  'Take the value as a parameter, or throw a DrydockError; runner/cli and runner/main.ts read the environment, print and exit.';

/** Finds process.env, process.exit, process.exitCode and console outside the programs of the runner. */
export function processAtTheEdge(path: string, text: string): string[] {
  if (!/^runner\/.*\.ts$/.test(path) || PROGRAMS.test(path)) return [];
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const findings: string[] = [];
  const report = (node: ts.Node, what: string) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
    findings.push(`${path}:${line + 1} uses ${what}. ${REPAIR}`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
      const [object, property] = [node.expression.text, node.name.text];
      if (object === 'console') report(node, `console.${property}`);
      if (object === 'process' && EDGE_ONLY.has(property)) report(node, `process.${property}`);
    }
    if (ts.isImportDeclaration(node)) {
      for (const name of namesTaken(node)) report(node, name);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return findings;
}

/** What an import takes of the process by name: `import { env } from 'node:process'`. */
function namesTaken(node: ts.ImportDeclaration): string[] {
  const from = ts.isStringLiteral(node.moduleSpecifier) ? node.moduleSpecifier.text.replace('node:', '') : '';
  if (from === 'console') return ['node:console'];
  const names = node.importClause?.namedBindings;
  if (from !== 'process' || !names || !ts.isNamedImports(names)) return [];
  const taken = names.elements.map((element) => (element.propertyName ?? element.name).text);
  return taken.filter((name) => EDGE_ONLY.has(name)).map((name) => `process.${name}`);
}
