import { describe, expect, it } from 'vitest';
import { findLocked, lockedPackages, manifest, projectFiles, read } from './tree.js';

const packages = lockedPackages();

/** The name under which a locked folder is imported. */
const nameOf = (folder: string): string => folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);

describe('the lockfile', () => {
  it('holds every package that another one asks for, those of other platforms too: "npm ci" refuses it otherwise', () => {
    const missing = [...packages].flatMap(([folder, locked]) => {
      const peers = Object.keys(locked.peerDependencies ?? {}).filter(
        (name) => locked.peerDependenciesMeta?.[name]?.optional !== true,
      );
      const asked = [
        ...Object.keys(locked.dependencies ?? {}),
        ...Object.keys(locked.optionalDependencies ?? {}),
        ...peers,
      ];
      return asked
        .filter((name) => findLocked(packages, folder, name) === undefined)
        .map((name) => `${folder} → ${name}`);
    });
    expect(packages.size).toBeGreaterThan(0);
    expect(missing).toEqual([]);
  });

  it('holds each dependency of package.json in just the version written there', () => {
    const { dependencies, devDependencies, optionalDependencies } = manifest();
    const asked = { ...dependencies, ...devDependencies, ...optionalDependencies };
    const locked = Object.fromEntries(
      Object.keys(asked).map((name) => [name, packages.get(`node_modules/${name}`)?.version]),
    );
    expect(locked).toEqual(asked);
  });

  it('names no address to fetch from, so that any registry serves it, and checks what it gets', () => {
    expect([...packages].filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
    expect([...packages].filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))).toEqual([]);
  });

  it('stays without addresses when npm writes it again', () => {
    expect(read('.npmrc').split('\n')).toContain('omit-lockfile-registry-resolved=true');
  });
});

describe('the project', () => {
  it('names no registry host in any file', () => {
    const host = /registry\.npmjs|registry\.yarnpkg|npmmirror|npm\.pkg\.github/;
    const files = projectFiles();
    expect(files).toContain('package.json');
    expect(files.filter((path) => path !== 'test/house/packages.test.ts' && host.test(readIfThere(path)))).toEqual([]);
  });

  it('decides about every install script: npm runs those of no other package', () => {
    const scripted = [...packages].filter(([, locked]) => locked.hasInstallScript).map(([folder]) => nameOf(folder));
    const decided = Object.keys(manifest().allowScripts);
    expect(scripted.filter((name) => !decided.includes(name))).toEqual([]);
    expect(decided.filter((name) => !scripted.includes(name))).toEqual([]);
  });

  it('keeps together what must be of one version', () => {
    const { dependencies } = manifest();
    const versions = Object.entries(dependencies).filter(([name]) => name.startsWith('@mikro-orm/'));
    expect(versions.length).toBeGreaterThan(1);
    expect(new Set(versions.map(([, version]) => version)).size).toBe(1);
  });
});

/** Empty for a file that git knows and the working tree no longer has. */
function readIfThere(path: string): string {
  try {
    return read(path);
  } catch {
    return '';
  }
}
