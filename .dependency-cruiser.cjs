// Who may import whom. ARCHITECTURE.md draws it; each comment below says how to repair a finding.

const OURS = '^(runner|site|labs|scenarios|test)/';
const npm = (name) => `node_modules/${name}/`;

/** A folder of the runner may import itself and the folders named, of everything that is ours. */
function mayImport(folder, others, repair) {
  return {
    name: `imports-of-${folder}`,
    severity: 'error',
    comment: repair,
    from: { path: `^runner/${folder}/` },
    to: { path: OURS, pathNot: [folder, ...others].map((name) => `^runner/${name}/`) },
  };
}

/** Packages that only the folders named (and tests) may import. */
function only(name, packages, folders, repair) {
  return {
    name,
    severity: 'error',
    comment: repair,
    from: { path: OURS, pathNot: ['^test/', ...folders] },
    to: { path: packages.map(npm) },
  };
}

const PORTS =
  'Describe what you need as a type in runner/core/ports, take it as a parameter, and let runner/main.ts pass the implementation.';
const FEATURES = ['contract', 'core', 'library', 'session', 'check'];

module.exports = {
  forbidden: [
    {
      name: 'contract-is-a-leaf',
      severity: 'error',
      comment:
        'The contract imports zod and its own files, nothing else: the browser loads it. Move what needs more to runner/core.',
      from: { path: '^runner/contract/' },
      to: { pathNot: ['^runner/contract/', npm('zod')] },
    },
    mayImport('core', ['contract'], `Core is pure and knows the contract alone. ${PORTS}`),
    {
      name: 'core-has-no-effects',
      severity: 'error',
      comment: `Core plans, it does not act. ${PORTS}`,
      from: { path: '^runner/core/' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|path|util|net)$' },
    },
    {
      name: 'core-packages',
      severity: 'error',
      comment:
        'Core parses with yaml and zod. Another package belongs where its effect is: engine, pipe, terminal, store, server.',
      from: { path: '^runner/core/' },
      to: { path: 'node_modules/', pathNot: [npm('zod'), npm('yaml')] },
    },
    mayImport('library', ['contract', 'core'], `The library reads lab folders into data. ${PORTS}`),
    mayImport(
      'engine',
      ['contract', 'core'],
      `The engine is reached through runner/core/ports/engine.ts and reaches nobody. ${PORTS}`,
    ),
    mayImport('pipe', ['contract', 'core'], PORTS),
    mayImport('terminal', ['contract', 'core'], PORTS),
    mayImport('store', ['contract', 'core'], PORTS),
    mayImport(
      'observe',
      ['contract', 'core'],
      `Watching wraps ports (runner/core/ports) and is handed to whoever is watched. ${PORTS}`,
    ),
    mayImport(
      'check',
      ['contract', 'core', 'library'],
      `A check gets its launch as a CheckTarget (runner/core/ports/check.ts). ${PORTS}`,
    ),
    mayImport('session', ['contract', 'core', 'library', 'pipe'], PORTS),
    ...['grading', 'workshop', 'lti'].map((folder) => mayImport(folder, FEATURES, PORTS)),
    {
      name: 'imports-of-server',
      severity: 'error',
      comment: `The server gets sessions and terminals as ports. ${PORTS}`,
      from: { path: '^runner/server/' },
      to: {
        path: OURS,
        pathNot:
          '^runner/(contract|core|library|session|check|terminal|pipe|store|observe|grading|workshop|lti|server)/',
      },
    },
    {
      name: 'nobody-imports-the-edge',
      severity: 'error',
      comment:
        'cli and main put the parts together and are imported by nobody below them. Move what is shared into the part it belongs to.',
      from: { path: '^runner/', pathNot: '^runner/(cli/|main\\.ts$)' },
      to: { path: '^runner/(cli/|main\\.ts$)' },
    },
    {
      name: 'runner-stands-alone',
      severity: 'error',
      comment: 'The runner reads labs and the built site as data. Read the folder at run time instead of importing it.',
      from: { path: '^runner/' },
      to: { path: '^(site|labs|scenarios|test)/' },
    },
    {
      name: 'probe-sdk-takes-types-only',
      severity: 'error',
      comment:
        'runner/check/probe is copied into the checker image, where the contract is not. Use "import type" for it, and import nothing else.',
      from: { path: '^runner/check/probe/' },
      to: { path: `${OURS}|node_modules/`, pathNot: '^runner/check/probe/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'probe-sdk-knows-contract-only',
      severity: 'error',
      comment:
        'The probe SDK may know types of the contract and of runner/check/protocol.ts. Move the type you need there.',
      from: { path: '^runner/check/probe/' },
      to: { path: OURS, pathNot: '^runner/(check/probe/|contract/|check/protocol\\.ts$)' },
    },
    {
      name: 'agent-is-self-contained',
      severity: 'error',
      comment:
        'runner/pipe/agent is copied into the workbench image and finds only itself and Node there. Move the shared type into the agent folder.',
      from: { path: '^runner/pipe/agent/' },
      to: { path: `${OURS}|node_modules/`, pathNot: '^runner/pipe/agent/' },
    },
    {
      name: 'imports-of-site',
      severity: 'error',
      comment:
        'The site imports the contract (#contract) and its own files: answers of a lab must never reach the browser. Add what is missing to the public projection.',
      from: { path: '^site/' },
      to: { path: OURS, pathNot: '^(site|runner/contract)/' },
    },
    {
      name: 'imports-of-labs',
      severity: 'error',
      comment:
        'Labs and scenarios are content. Probes import #probe; nothing else of the runner is theirs. Ask for it in the probe SDK.',
      from: { path: '^(labs|scenarios)/' },
      to: { path: '^(runner|site|test)/', pathNot: '^runner/check/probe/index\\.ts$' },
    },
    only(
      'dockerode-in-engine-only',
      ['dockerode', 'docker-modem', '@types/dockerode'],
      ['^runner/engine/'],
      `dockerode is hidden behind runner/core/ports/engine.ts. ${PORTS}`,
    ),
    only(
      'express-in-server-only',
      ['express', '@types/express', 'helmet', 'express-rate-limit'],
      ['^runner/server/', '^labs/', '^scenarios/'],
      'Express stays in runner/server. Write a plain function and call it from a handler there.',
    ),
    only(
      'ws-in-server-and-terminal-only',
      ['ws', '@types/ws'],
      ['^runner/(server|terminal)/', '^labs/', '^scenarios/'],
      'WebSockets end in runner/server and runner/terminal. Take a Channel (runner/core/ports/engine.ts) instead.',
    ),
    only(
      'prom-client-in-metrics-only',
      ['prom-client'],
      ['^runner/observe/metrics\\.ts$'],
      'prom-client is hidden behind runner/observe/metrics.ts. Add what you count to its Metrics and take that.',
    ),
    only(
      'commander-in-cli-only',
      ['commander'],
      ['^runner/cli/'],
      'The command line stays in runner/cli. Take plain arguments.',
    ),
    {
      name: 'no-cycles',
      severity: 'error',
      comment:
        'Two files that need each other are one file, or share a third. Move the shared part out, or pass it as a parameter.',
      from: { path: OURS },
      to: { circular: true },
    },
    {
      name: 'nothing-unresolved',
      severity: 'error',
      comment: 'Correct the path (imports carry the .ts extension), or add the package to package.json.',
      from: { path: OURS, pathNot: '^(labs|scenarios)/' },
      to: { couldNotResolve: true, pathNot: '^(astro:|virtual:|@astrojs/starlight/)' },
    },
    {
      name: 'no-undeclared-package',
      severity: 'error',
      comment: 'Name the package in package.json; it is here only because something else brought it.',
      from: { path: '^(runner|site)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['(^|/)node_modules/.*/node_modules/', '^site/(dist|\\.astro)/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    detectJSDocImports: false,
    enhancedResolveOptions: {
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      exportsFields: ['exports'],
    },
  },
};
