// Bundles the GraphiQL page into dist/graphiql, unless what it is made of is what it was made of last time: the
// bundle takes seconds, and `npm start` builds every time.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = join(root, 'console/graphiql');
const stamp = join(root, 'dist/.graphiql-inputs');

const inputs = readdirSync(page, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name))
  .concat(join(root, 'package-lock.json'))
  .sort();
const hash = createHash('sha256');
for (const file of inputs) hash.update(file.slice(root.length)).update('\0').update(readFileSync(file)).update('\0');
const digest = hash.digest('hex');

const fresh =
  existsSync(join(root, 'dist/graphiql/index.html')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === digest;

if (!fresh) {
  const { build } = await import('vite');
  await build({ configFile: join(page, 'vite.config.ts'), logLevel: 'warn' });
  writeFileSync(stamp, digest);
}
