import { describe, expect, test } from 'vitest';
import { isPublicAddress } from '../../src/platform/outbound/addresses.js';
import { createPoster } from '../../src/platform/outbound/post.js';
import { createSealer, SealBroken } from '../../src/platform/sealing.js';

describe('where webhooks may lead', () => {
  test.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    '::ffff:127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'nonsense',
  ])('%s is inside', (address) => expect(isPublicAddress(address)).toBe(false));

  test.each(['93.184.215.14', '8.8.8.8', '2606:4700:4700::1111'])('%s is outside', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  );

  test('names that lead inside are found out when they are resolved, and nothing is sent', async () => {
    const poster = createPoster({ allowPrivate: false });
    for (const url of ['http://example.com', 'https://127.1/', 'https://[::1]/', 'https://u:p@example.com', 'x']) {
      expect(poster.objection(url), url).toBeDefined();
      const answer = await poster.post({ url, headers: {}, body: '', timeoutMs: 1_000 });
      expect(answer).toMatchObject({ sent: false, forbidden: true });
    }
    expect(poster.objection('https://example.com/hook')).toBeUndefined();
  });

  test.each([
    ['an inside one', ['10.0.0.7']],
    ['this machine', ['127.0.0.1']],
    ['one outside and one inside', ['93.184.215.14', '::ffff:169.254.169.254']],
    ['none', []],
  ])('a name that leads to %s is refused for good, and nobody is connected to', async (_what, addresses) => {
    const asked: string[] = [];
    const poster = createPoster({
      allowPrivate: false,
      resolve(hostname, _options, done) {
        asked.push(hostname);
        done(
          null,
          addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
        );
      },
    });
    const url = 'https://rebound.example:1/hook';
    expect(poster.objection(url)).toBeUndefined();
    const answer = await poster.post({ url, headers: {}, body: 'x', timeoutMs: 1_000 });
    expect(answer).toMatchObject({ sent: false, forbidden: true });
    expect(answer).toMatchObject({ failed: expect.stringContaining('inside address') });
    expect(asked).toEqual(['rebound.example']);
  });

  test('a name that cannot be resolved just now may be tried again', async () => {
    const poster = createPoster({
      allowPrivate: false,
      resolve: (_hostname, _options, done) => done(new Error('the resolver is not there'), []),
    });
    const answer = await poster.post({ url: 'https://a.example', headers: {}, body: 'x', timeoutMs: 1_000 });
    expect(answer).toMatchObject({ sent: false });
    expect(answer).not.toHaveProperty('forbidden');
  });
});

describe('sealed secrets', () => {
  const sealer = createSealer('a secret of the tests, long enough to be one');
  test('open with the same key, for the same purpose, unaltered, and no other way', () => {
    const sealed = sealer.seal('whsec_abc', 'connector:a:webhook');
    expect(sealed).not.toContain('whsec');
    expect(sealer.open(sealed, 'connector:a:webhook')).toBe('whsec_abc');
    expect(sealer.seal('whsec_abc', 'connector:a:webhook')).not.toBe(sealed);
    expect(() => sealer.open(sealed, 'connector:b:webhook')).toThrow(SealBroken);
    expect(() => createSealer('another').open(sealed, 'connector:a:webhook')).toThrow(SealBroken);
    const altered = `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`;
    for (const broken of [altered, 'v1.', 'v2.abc', '']) {
      expect(() => sealer.open(broken, 'connector:a:webhook')).toThrow(SealBroken);
    }
  });
});
