import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { projectFiles, read } from './tree.js';

/** docker-compose.yml, as far as it is looked at here. */
interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

interface ComposeService {
  readonly image?: string;
  readonly build?: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

/** The Dockerfile's instructions, one a line, without comments. */
const instructions = read('Dockerfile')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => {
    const [, name = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    return { name, rest };
  });
const all = (name: string): string[] => instructions.filter((one) => one.name === name).map((one) => one.rest);

describe('the Dockerfile', () => {
  it('consists of instructions that Docker knows', () => {
    const known = 'FROM WORKDIR COPY RUN ENV USER EXPOSE VOLUME HEALTHCHECK CMD'.split(' ');
    expect(instructions.length).toBeGreaterThan(0);
    expect(instructions.filter(({ name }) => !known.includes(name))).toEqual([]);
  });

  it('copies only what is there, and what .dockerignore lets through', () => {
    const files = projectFiles();
    const ignored = read('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    const sources = all('COPY')
      .filter((rest) => !rest.includes('--from='))
      .flatMap((rest) =>
        rest
          .split(/\s+/)
          .filter((word) => !word.startsWith('--'))
          .slice(0, -1),
      );
    expect(sources).toContain('package-lock.json');
    const there = (source: string): boolean => files.some((file) => file === source || file.startsWith(`${source}/`));
    expect(sources.filter((source) => !there(source))).toEqual([]);
    expect(sources.filter((source) => ignored.includes(source))).toEqual([]);
  });

  it('copies everything that its build script needs', () => {
    const copied = all('COPY').join(' ').split(/\s+/);
    expect(copied).toEqual(
      expect.arrayContaining(['src', 'console', 'scripts', 'tsconfig.json', 'tsconfig.build.json']),
    );
  });

  it('runs without root, and asks the server itself whether it can serve', () => {
    expect(all('USER').at(-1)).toBe('node');
    expect(all('HEALTHCHECK').join()).toContain('/health/ready');
  });
});

describe('docker-compose.yml', () => {
  const { services, volumes } = parse(read('docker-compose.yml')) as Compose;
  const { server, database } = services;

  it('starts the server of this tree once its PostgreSQL is healthy', () => {
    expect(server?.build).toBe('.');
    expect(database?.image).toMatch(/^postgres:18/);
    expect(database?.healthcheck?.test.join(' ')).toContain('pg_isready');
    expect(server?.depends_on).toEqual({ database: { condition: 'service_healthy' } });
    expect(server?.environment.DATABASE_URL).toMatch(/@database:5432\//);
  });

  it('carries no secret: each comes from outside, with a word on what is missing', () => {
    const secrets = Object.values(services).flatMap((service) =>
      Object.entries(service.environment).filter(([name]) => /SECRET|PASSWORD|URL/.test(name)),
    );
    expect(secrets.length).toBeGreaterThan(2);
    expect(secrets.filter(([, value]) => !/\$\{[A-Z_]+:\?[^}]+\}/.test(value))).toEqual([]);
  });

  it('keeps the data in a named volume, where this PostgreSQL looks for it', () => {
    const [name, path] = database?.volumes?.[0]?.split(':') ?? [];
    expect(Object.keys(volumes)).toEqual([name]);
    expect(path).toBe('/var/lib/postgresql');
  });

  it('opens no port but the server’s, to this machine only', () => {
    expect(database?.ports).toBeUndefined();
    expect(server?.ports).toEqual([expect.stringMatching(/^127\.0\.0\.1:/)]);
  });

  it('sets only what there are settings for', () => {
    const settings = read('src/settings.ts');
    const ours = [...Object.keys(server?.environment ?? {}), ...all('ENV').map((rest) => rest.split('=')[0] ?? '')];
    expect(ours.length).toBeGreaterThan(2);
    expect(ours.filter((name) => name !== 'NODE_ENV' && !settings.includes(name))).toEqual([]);
  });
});
