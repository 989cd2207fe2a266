import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import unpackedChromium from '@sparticuz/chromium';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

/** A page together with what it did that its user cannot see. Both lists grow while the page is open. */
export interface WatchedPage {
  readonly page: Page;
  /** Every address asked for, over HTTP and over WebSocket, in order. `data:` and `blob:` go nowhere: left out. */
  readonly requests: readonly string[];
  /** Errors written to the console and exceptions nobody caught, refused (CSP) and failed loads among them. */
  readonly errors: readonly string[];
}

/** A running browser. */
export interface Browser {
  /** Opens an empty page that shares no storage with any other. */
  newPage(): Promise<WatchedPage>;
  /** Closes every page and ends the process. Closing twice is safe. */
  close(): Promise<void>;
}

/**
 * The browser's own traffic is turned off, so that what is left is the page's. Its security is not: the flags that
 * the package recommends would switch off the same-origin policy, and a page that breaks it would pass.
 */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Only loopback exists: a request to any other host fails here instead of depending on the machine's network.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
];

/**
 * Starts the browser that comes with the npm packages: on Linux nothing else has to be installed. Elsewhere
 * `BROWSER_PATH` names a Chromium or Chrome to use instead.
 */
export async function launchBrowser(): Promise<Browser> {
  const { executablePath, env } = await findBrowser();
  const browser = await chromium.launch({ executablePath, args: FLAGS, env });
  return {
    newPage: async () => watch(await browser.newContext({ viewport: { width: 1400, height: 900 } })),
    close: () => browser.close(),
  };
}

async function findBrowser(): Promise<{ executablePath: string; env: Record<string, string> }> {
  const env = Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  if (env.BROWSER_PATH !== undefined) return { executablePath: env.BROWSER_PATH, env };
  const executablePath = await unpackedChromium.executablePath();
  // A machine may have no fonts at all; then the ones that were unpacked next to the browser are used.
  const fonts = join(dirname(executablePath), 'fonts');
  return { executablePath, env: existsSync('/etc/fonts') ? env : { FONTCONFIG_PATH: fonts, ...env } };
}

async function watch(context: BrowserContext): Promise<WatchedPage> {
  // Below the time a test has, so that what did not happen is named instead of 'test timed out'.
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const requests: string[] = [];
  const errors: string[] = [];
  context.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url())) requests.push(request.url());
  });
  page.on('websocket', (socket) => requests.push(socket.url()));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(`${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => errors.push(error.stack ?? error.message));
  return { page, requests, errors };
}
