// Who may import whom: one row per folder. `ours` lists every product folder, so what is not allowed is refused.
const ours =
  '^(domain|config|edi|store|clients|activities|workflows|workers|ingress|reports|sandbox|bin|bench|views|console)/';
const only = (from, ...allowed) => ({
  name: `${from}-imports`,
  severity: 'error',
  from: { path: `^${from}/` },
  to: { path: ours, pathNot: [`^${from}/`, ...allowed] },
});

module.exports = {
  forbidden: [
    only('domain'),
    only('edi'),
    only('config', '^domain/'),
    only('store', '^domain/'),
    only('reports', '^domain/', '^store/'),
    only('clients/http'),
    only('clients/(blue-cherry|archean)', '^clients/http/', '^clients/[^/]+/(schema|client|replies|codes)\\.ts$'),
    only(
      'clients/temporal',
      '^domain/',
      '^config/(load|payload-keys)\\.ts$',
      '^workflows/[^/]+/contract\\.ts$',
      '^workflows/(search-attributes|messages|process|processes)\\.ts$',
    ),
    only('workflows', '^domain/', '^activities/[^/]+/contract\\.ts$'),
    only('activities', '^domain/', '^config/load\\.ts$', '^store/', '^clients/', '^edi/'),
    only(
      'ingress',
      '^domain/',
      '^config/(faults|load|log|metrics-address|payload-keys)\\.ts$',
      '^store/',
      '^clients/temporal/',
      '^clients/[^/]+/(schema|webhook)\\.ts$',
      '^console/index\\.ts$',
    ),
    only('views', '^domain/', '^store/', '^workflows/process(es)?\\.ts$'),
    only(
      'console',
      '^domain/',
      '^config/load\\.ts$',
      '^store/',
      '^views/',
      '^reports/',
      '^ingress/(bodies|bulk|decisions|deps|keys|restart)\\.ts$',
    ),
    only('sandbox', '^edi/', '^clients/[^/]+/schema\\.ts$'),
    only(
      'workers',
      '^domain/',
      '^config/(faults|load|log|metrics-address|payload-keys)\\.ts$',
      '^store/',
      '^clients/',
      '^activities/',
      '^workflows/',
    ),
    {
      name: 'contracts-are-plain',
      severity: 'error',
      from: { path: '^activities/[^/]+/contract\\.ts$' },
      to: { path: ours, pathNot: ['^domain/', '^activities/[^/]+/contract\\.ts$'] },
    },
    {
      name: 'sagas-are-started-in-one-place',
      severity: 'error',
      from: { path: '^activities/(?!sagas/|intake/|desk/|settle/|mappings/)' },
      to: { path: '^clients/temporal/' },
    },
    {
      name: 'workflow-runtime',
      severity: 'error',
      from: { path: '^(workflows|domain)/' },
      to: { path: 'node_modules/(got|pino|pg|kysely|@temporalio/(client|worker|activity|testing))/' },
    },
    // Types may refer to each other (the store's areas and the whole of its tables); what runs may not.
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'pure',
      severity: 'error',
      from: { path: '^(workflows|domain)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'one-http',
      severity: 'error',
      from: { pathNot: '^(clients/http|test|bench)/' },
      to: { path: '(^|/)got(/|$)' },
    },
    { name: 'not-to-test', severity: 'error', from: { pathNot: '^test/' }, to: { path: '^test/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
