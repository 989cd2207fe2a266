import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.js';
import { nearest } from '../../src/kernel/nearest.js';
import { settings } from '../../src/settings.js';

describe('a setting with a misspelt name', () => {
  test('stops the start with the name that was meant', () => {
    expect(() => readConfig({ COUNTERSIGN_JWT_SECRTE: 's'.repeat(40), COUNTERSIGN_METRIC_TOKEN: 'x' })).toThrow(
      [
        'COUNTERSIGN_JWT_SECRTE: there is no such setting. Did you mean COUNTERSIGN_JWT_SECRET?',
        'COUNTERSIGN_METRIC_TOKEN: there is no such setting. Did you mean COUNTERSIGN_METRICS_TOKEN?',
      ].join('\n'),
    );
  });

  test('is found for every setting with any one letter left out', () => {
    const ours = Object.keys(settings).filter((name) => name.startsWith('COUNTERSIGN_'));
    expect(ours.length).toBeGreaterThan(8);
    for (const name of ours) {
      for (let at = 'COUNTERSIGN_'.length; at < name.length; at += 1) {
        const misspelt = name.slice(0, at) + name.slice(at + 1);
        expect(nearest(misspelt, ours)).toBe(name);
        expect(() => readConfig({ [misspelt]: 'x' })).toThrow(`Did you mean ${name}?`);
      }
    }
  });

  test('is not what Kubernetes sets beside a service named countersign, nor what belongs to other programs', () => {
    const environment = {
      COUNTERSIGN_SERVICE_HOST: '10.0.0.7',
      COUNTERSIGN_SERVICE_PORT: '4000',
      COUNTERSIGN_SERVICE_PORT_HTTP: '4000',
      COUNTERSIGN_PORT: 'tcp://10.0.0.7:4000',
      COUNTERSIGN_PORT_4000_TCP: 'tcp://10.0.0.7:4000',
      COUNTERSIGN_PORT_4000_TCP_ADDR: '10.0.0.7',
      MY_COUNTERSIGN_THING: 'x',
    };
    expect(readConfig(environment).port).toBe(4000);
  });
});

describe('settings of telemetry', () => {
  test('log requests in production, and only troubles in development, unless told', () => {
    const secret = { COUNTERSIGN_JWT_SECRET: 's'.repeat(40) };
    expect(readConfig({}).logLevel).toBe('warn');
    expect(readConfig({ NODE_ENV: 'production', ...secret }).logLevel).toBe('info');
    expect(readConfig({ NODE_ENV: 'production', LOG_LEVEL: 'error', ...secret }).logLevel).toBe('error');
  });

  test('name the place of traces as OpenTelemetry does', () => {
    const base = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' };
    expect(readConfig({}).tracesUrl).toBeUndefined();
    expect(readConfig(base).tracesUrl).toBe('http://collector:4318/v1/traces');
    const own = { ...base, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces.example/in' };
    expect(readConfig(own).tracesUrl).toBe('https://traces.example/in');
    expect(readConfig({ ...own, OTEL_SDK_DISABLED: 'true' }).tracesUrl).toBeUndefined();
    expect(() => readConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' })).toThrow(/^OTEL_EXPORTER_OTLP_ENDPOINT/);
  });

  test('take no short token for metrics, and do not repeat it', () => {
    expect(() => readConfig({ COUNTERSIGN_METRICS_TOKEN: 'hunter2' })).toThrow(
      /COUNTERSIGN_METRICS_TOKEN.*7 characters/,
    );
  });
});

describe('settings of a model', () => {
  const url = 'https://models.example.com/v1';

  test('are off unless an address is given', () => {
    expect(readConfig({}).model).toBeUndefined();
    expect(readConfig({ COUNTERSIGN_MODEL_URL: url, COUNTERSIGN_MODEL_NAME: 'a-model' }).model).toEqual({
      url: new URL(url),
      name: 'a-model',
      key: undefined,
      timeoutSeconds: 20,
      tokensPerDay: 1_000_000,
      prices: { in: 0, out: 0 },
    });
  });

  test('belong together', () => {
    expect(() => readConfig({ COUNTERSIGN_MODEL_URL: url })).toThrow(/^COUNTERSIGN_MODEL_NAME: expected the name/);
    expect(() => readConfig({ COUNTERSIGN_MODEL_NAME: 'a-model', COUNTERSIGN_MODEL_KEY: 'k' })).toThrow(
      /^COUNTERSIGN_MODEL_NAME: expected COUNTERSIGN_MODEL_URL.*\nCOUNTERSIGN_MODEL_KEY: expected COUNTERSIGN_MODEL_URL/,
    );
  });

  test('take no address with a password in it, and repeat neither address nor key', () => {
    const wrong = {
      COUNTERSIGN_MODEL_URL: 'https://user:hunter2@models.example.com',
      COUNTERSIGN_MODEL_NAME: 'a-model',
      COUNTERSIGN_MODEL_KEY: 'two words',
    };
    expect(() => readConfig(wrong)).toThrow(
      /^COUNTERSIGN_MODEL_URL.*39 characters\nCOUNTERSIGN_MODEL_KEY.*9 characters$/,
    );
  });
});
