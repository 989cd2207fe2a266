/** A file to write, by its path in the project. */
export interface PlantedFile {
  readonly file: string;
  readonly content: string;
}

/** A file that must not exist. */
export interface PlantedViolation extends PlantedFile {
  /** The rule that has to name it. */
  readonly rule: string;
  /** A second file, when one alone breaks nothing. */
  readonly beside?: PlantedFile;
}

const imports = (target: string): string => `import * as planted from '${target}';\nexport const seen = planted;\n`;

/** Two small features, well built, for the violations to lean on. */
export const PLANTED_GROUND: readonly PlantedFile[] = [
  { file: 'src/features/planted/domain/rule.ts', content: 'export const rule = 1;\n' },
  { file: 'src/features/planted/service.ts', content: "export { rule as service } from './domain/rule.js';\n" },
  { file: 'src/features/planted/store/rows.ts', content: "export { rule as rows } from '../domain/rule.js';\n" },
  { file: 'src/features/planted/graphql/types.ts', content: "export { rule as types } from '../domain/rule.js';\n" },
  { file: 'src/features/planted/index.ts', content: "export { service } from './service.js';\n" },
  { file: 'src/features/neighbour/domain/rule.ts', content: 'export const rule = 2;\n' },
  { file: 'src/features/neighbour/store/rows.ts', content: "export { rule as rows } from '../domain/rule.js';\n" },
  { file: 'src/features/neighbour/index.ts', content: "export { rule } from './domain/rule.js';\n" },
  { file: 'src/features/small/store.ts', content: "export { service } from '../planted/index.js';\n" },
  { file: 'src/platform/db/planted.ts', content: "export { systemClock } from '../../kernel/clock.js';\n" },
  { file: 'src/platform/graphql/planted.ts', content: "export { systemClock } from '../../kernel/clock.js';\n" },
  { file: 'src/cli/planted-command.ts', content: "export { systemClock } from '../kernel/clock.js';\n" },
  { file: 'test/planted.ts', content: 'export const testOnly = 1;\n' },
  { file: 'src/app.ts', content: "export { systemClock } from './kernel/clock.js';\n" },
  { file: 'src/main.ts', content: "export { systemClock } from './app.js';\n" },
];

/** At least one for every rule of .dependency-cruiser.cjs; where a rule has several halves, one for each. */
export const PLANTED_VIOLATIONS: readonly PlantedViolation[] = [
  {
    rule: 'kernel-is-the-ground',
    file: 'src/kernel/planted-upwards.ts',
    content: imports('../features/planted/index.js'),
  },
  {
    rule: 'domain-knows-its-own-rules-only',
    file: 'src/features/planted/domain/planted-neighbour.ts',
    content: imports('../../neighbour/index.js'),
  },
  {
    rule: 'domain-knows-its-own-rules-only',
    file: 'src/features/planted/domain/planted-own-store.ts',
    content: imports('../store/rows.js'),
  },
  {
    rule: 'domain-knows-its-own-rules-only',
    file: 'src/features/planted/domain/planted-database.ts',
    content: imports('../../../platform/db/planted.js'),
  },
  {
    rule: 'domain-knows-no-library',
    file: 'src/features/planted/domain/planted-framework.ts',
    content: imports('type-graphql'),
  },
  {
    rule: 'domain-knows-no-library',
    file: 'src/features/planted/domain/planted-parser.ts',
    content: "import type { ZodType } from 'zod';\nexport type Planted = ZodType;\n",
  },
  {
    rule: 'domain-knows-no-library',
    file: 'src/features/planted/domain/planted-files.ts',
    content: imports('node:fs'),
  },
  {
    rule: 'features-meet-at-the-door',
    file: 'src/features/planted/planted-back-door.ts',
    content: imports('../neighbour/domain/rule.js'),
  },
  {
    rule: 'features-are-assembled-from-outside',
    file: 'src/features/planted/planted-assembly.ts',
    content: imports('../../app.js'),
  },
  {
    rule: 'graphql-never-sees-storage',
    file: 'src/features/planted/graphql/planted-store.ts',
    content: imports('../store/rows.js'),
  },
  {
    rule: 'graphql-never-sees-storage',
    file: 'src/features/planted/graphql/planted-orm.ts',
    content: "import type { EntityManager } from '@mikro-orm/core';\nexport type Planted = EntityManager;\n",
  },
  {
    rule: 'graphql-never-sees-storage',
    file: 'src/features/small/graphql.ts',
    content: imports('./store.js'),
  },
  {
    rule: 'store-never-sees-graphql',
    file: 'src/features/planted/store/planted-types.ts',
    content: imports('../graphql/types.js'),
  },
  {
    rule: 'store-never-sees-graphql',
    file: 'src/features/planted/store/planted-library.ts',
    content: imports('graphql'),
  },
  {
    rule: 'use-cases-own-no-machinery',
    file: 'src/features/planted/planted-store-use.ts',
    content: imports('./store/rows.js'),
  },
  {
    rule: 'use-cases-own-no-machinery',
    file: 'src/features/planted/ports.ts',
    content: imports('../../platform/db/planted.js'),
  },
  {
    rule: 'use-cases-own-no-machinery',
    file: 'src/features/planted/planted-orm-use.ts',
    content: imports('@mikro-orm/core'),
  },
  {
    rule: 'only-the-composition-root-opens-stores',
    file: 'src/features/neighbour/planted-foreign-store.ts',
    content: imports('../planted/store/rows.js'),
  },
  {
    rule: 'only-the-composition-root-opens-stores',
    file: 'src/cli/planted-store.ts',
    content: imports('../features/planted/store/rows.js'),
  },
  {
    // Beside the composition root, where settings and parts are at hand.
    rule: 'only-the-composition-root-opens-stores',
    file: 'src/startup.ts',
    content: imports('./features/planted/store/rows.js'),
  },
  {
    rule: 'database-stays-behind-stores',
    file: 'src/settings.ts',
    content: imports('./platform/db/planted.js'),
  },
  {
    rule: 'database-stays-behind-stores',
    file: 'src/platform/http/planted-database.ts',
    content: imports('../db/planted.js'),
  },
  {
    rule: 'graphql-platform-serves-resolvers',
    file: 'src/features/planted/store/planted-context.ts',
    content: imports('../../../platform/graphql/planted.js'),
  },
  {
    rule: 'platform-knows-no-feature',
    file: 'src/platform/http/planted-feature.ts',
    content: imports('../../features/planted/index.js'),
  },
  {
    rule: 'commands-use-the-front-door',
    file: 'src/cli/planted-back-door.ts',
    content: imports('../features/planted/service.js'),
  },
  {
    rule: 'commands-take-only-types-from-features',
    file: 'src/cli/planted-use-case.ts',
    content: imports('../features/planted/index.js'),
  },
  {
    rule: 'client-stands-alone',
    file: 'src/client/planted-server.ts',
    content: imports('../features/planted/index.js'),
  },
  { rule: 'nothing-imports-main', file: 'src/cli/planted-main.ts', content: imports('../main.js') },
  {
    rule: 'console-knows-the-api-only',
    file: 'console/graphiql/planted-server.ts',
    content: imports('../../src/features/planted/index.js'),
  },
  { rule: 'product-needs-no-test-code', file: 'src/cli/planted-test.ts', content: imports('../../test/planted.js') },
  { rule: 'server-runs-on-runtime-packages', file: 'src/platform/http/planted-dev.ts', content: imports('vitest') },
  {
    rule: 'server-runs-on-runtime-packages',
    file: 'src/platform/http/planted-undeclared.ts',
    // Installed, because packages of ours need it, but no dependency of ours.
    content: imports('@graphql-tools/schema'),
  },
  { rule: 'imports-resolve', file: 'src/platform/http/planted-typo.ts', content: imports('./nowhere.js') },
  {
    rule: 'no-circles',
    file: 'src/features/planted/planted-circle-a.ts',
    content: "export { there } from './planted-circle-b.js';\nexport const here = 1;\n",
    beside: {
      file: 'src/features/planted/planted-circle-b.ts',
      content: "import { here } from './planted-circle-a.js';\nexport const there = here;\n",
    },
  },
  { rule: 'no-orphans', file: 'src/features/planted/planted-orphan.ts', content: 'export const alone = 1;\n' },
];
