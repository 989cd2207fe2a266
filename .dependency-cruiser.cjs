/**
 * Who may open which door. Each rule stands in docs/ARCHITECTURE.md; each is shown able to fail by a violation
 * planted in a copy of the tree (test/architecture).
 *
 * This check needs a TypeScript with a JavaScript API: without one, dependency-cruiser finds no module, hence no
 * violation, and passes. The same test fails when fewer modules are seen than there are files.
 */

// A room is a folder, or a single file while it is small: graphql/ or graphql.ts.
const STORE = '^src/features/[^/]+/store(/|[.]ts$)';
const GRAPHQL = '^src/features/[^/]+/graphql(/|[.]ts$)';
const DOMAIN = '^src/features/([^/]+)/domain(/|[.]ts$)';

const NPM = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-bundled', 'npm-no-pkg', 'npm-unknown'];
const DATABASE_PACKAGES = 'node_modules/(@mikro-orm/|@electric-sql/|pg/|pg-boss/|kysely/)';
/** The pure rules that other features' decisions may ask. */
const RULES = '^src/features/(guardrails|policy)/domain/index[.]ts$';
const GRAPHQL_PACKAGES = 'node_modules/(type-graphql|graphql|graphql-[a-z-]+|@apollo|@as-integrations)/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'kernel-is-the-ground',
      severity: 'error',
      comment: 'Everything stands on the kernel; if it looked up, every change anywhere could reach everything.',
      from: { path: '^src/kernel/' },
      to: { path: '^(src|console|bench|test)/', pathNot: '^src/kernel/' },
    },
    {
      name: 'domain-knows-its-own-rules-only',
      severity: 'error',
      comment:
        'Decisions are pure: data and `now` in, decision out. What another feature knows arrives as data; only the ' +
        'guardrails and the policy that tightens them are decided on by others, by the doors of their pure parts.',
      from: { path: DOMAIN },
      to: {
        path: '^(src|console|bench|test)/',
        pathNot: ['^src/kernel/', '^src/features/$1/domain(/|[.]ts$)', RULES],
      },
    },
    {
      name: 'domain-knows-no-library',
      severity: 'error',
      comment: 'A rule outlives frameworks. Only what defines a digest is part of the domain: hash and canonical JSON.',
      from: { path: DOMAIN },
      to: { dependencyTypes: [...NPM, 'core'], pathNot: ['^(node:)?crypto$', 'node_modules/canonicalize/'] },
    },
    {
      name: 'features-meet-at-the-door',
      severity: 'error',
      comment: 'A feature may be rebuilt behind its index.ts as long as the index keeps its promises.',
      from: { path: '^src/features/([^/]+)/' },
      to: { path: '^src/features/', pathNot: ['^src/features/$1/', '^src/features/[^/]+/index[.]ts$', RULES] },
    },
    {
      name: 'features-are-assembled-from-outside',
      severity: 'error',
      comment: 'A feature receives what it needs; reaching for the assembly or the settings would hide the need.',
      from: { path: '^src/features/' },
      to: { path: '^src/(app|main|config|settings)[.]ts$|^src/(compose|cli|client)/' },
    },
    {
      name: 'graphql-never-sees-storage',
      severity: 'error',
      comment: 'A resolver translates, calls one use case and maps. A query in it would skip the use case’s rules.',
      from: { path: [GRAPHQL, '^src/platform/graphql/'] },
      to: { path: [STORE, '^src/platform/db/', DATABASE_PACKAGES] },
    },
    {
      name: 'store-never-sees-graphql',
      severity: 'error',
      comment: 'Rows are not what the API shows: the two change for different reasons.',
      from: { path: [STORE, '^src/platform/db/'] },
      to: { path: [GRAPHQL, '^src/platform/graphql/', GRAPHQL_PACKAGES] },
    },
    {
      name: 'use-cases-own-no-machinery',
      severity: 'error',
      comment: 'A use case speaks to ports, so that it runs in a test, and on another database, as it stands.',
      from: { path: '^src/features/[^/]+/[^/]+[.]ts$', pathNot: '/(index|domain|store|graphql)[.]ts$' },
      to: {
        path: [STORE, GRAPHQL, '^src/platform/', DATABASE_PACKAGES, GRAPHQL_PACKAGES, 'node_modules/fastify/'],
      },
    },
    {
      name: 'only-the-composition-root-opens-stores',
      severity: 'error',
      comment: 'Stores are wired to services in one place, so that swapping one is one line there.',
      from: { path: '^src/', pathNot: ['^src/compose/', STORE] },
      to: { path: STORE },
    },
    {
      name: 'database-stays-behind-stores',
      severity: 'error',
      comment: 'Whoever holds the database can bypass tenant, transaction and log.',
      from: {
        path: '^(src|console)/',
        pathNot: [STORE, '^src/platform/(db|realtime|jobs)/', '^src/(app|startup|tokens)[.]ts$', '^src/compose/'],
      },
      to: { path: ['^src/platform/db/', DATABASE_PACKAGES] },
    },
    {
      name: 'graphql-platform-serves-resolvers',
      severity: 'error',
      comment: 'Context and error mapping belong to the API’s edge; nothing behind the edge may depend on them.',
      from: {
        path: '^src/',
        pathNot: [GRAPHQL, '^src/platform/', '^src/compose/', '^src/app[.]ts$'],
      },
      to: { path: '^src/platform/graphql/' },
    },
    {
      name: 'platform-knows-no-feature',
      severity: 'error',
      comment:
        'The platform would serve another product as it stands; what features need from it, the composition hands over.',
      from: { path: '^src/platform/' },
      to: { path: '^src/(features|compose|cli|client)/|^src/(app|main|config|settings)[.]ts$' },
    },
    {
      name: 'commands-use-the-front-door',
      severity: 'error',
      comment: 'A command starts the app or calls the API, like any other user: it gets no second way in.',
      from: { path: '^src/cli/' },
      to: {
        path: '^(src|console|bench|test)/',
        pathNot: [
          '^src/(cli|client|kernel)/',
          '^src/(app|config|tokens)[.]ts$',
          '^src/compose/index[.]ts$',
          '^src/features/[^/]+/index[.]ts$',
        ],
      },
    },
    {
      name: 'commands-take-only-types-from-features',
      severity: 'error',
      comment: 'A command may name what the API means; running a use case past the API would skip token and roles.',
      from: { path: '^src/cli/' },
      to: { path: '^src/features/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'client-stands-alone',
      severity: 'error',
      comment: 'The client runs in other people’s programs: it must not pull the server in.',
      from: { path: '^src/client/' },
      to: { path: '^(src|console|bench|test)/', pathNot: ['^src/(client|kernel)/', '^src/cli/generated/'] },
    },
    {
      name: 'nothing-imports-main',
      severity: 'error',
      comment: 'main.ts acts when it is loaded: it opens a port and handles signals.',
      from: {},
      to: { path: '^src/main[.]ts$' },
    },
    {
      name: 'console-knows-the-api-only',
      severity: 'error',
      comment: 'The console sees what every other frontend sees: the schema, through generated types.',
      from: { path: '^console/' },
      to: { path: '^(src|bench|test)/', pathNot: '^src/cli/generated/' },
    },
    {
      name: 'product-needs-no-test-code',
      severity: 'error',
      comment: 'Tests and benches look at the product, never the other way round.',
      from: { path: '^src/' },
      to: { path: '^(test|bench|console)/' },
    },
    {
      name: 'server-runs-on-runtime-packages',
      severity: 'error',
      comment: 'The image and any production install leave out devDependencies, and know nothing of undeclared ones.',
      from: { path: '^src/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only', 'npm'],
      },
    },
    {
      name: 'imports-resolve',
      severity: 'error',
      comment: 'What cannot be found is seen by none of the rules above.',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-circles',
      severity: 'error',
      comment: 'In a circle no part can be understood, tested or replaced before the others.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'A file that nobody imports and that imports nobody is forgotten, or its wiring is.',
      from: {
        orphan: true,
        pathNot: ['^src/main[.]ts$', '^src/cli/[^/]+[.]ts$', '[.]d[.]ts$', '/vite[.]config[.]ts$'],
      },
      to: {},
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
