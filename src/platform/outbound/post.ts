import { type LookupAddress, type LookupAllOptions, lookup as systemLookup } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isPublicAddress } from './addresses.js';

/** What is sent, and for how long an answer is waited for. */
export interface OutgoingPost {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
}

/**
 * What came of it. `sent`: whether anything may have reached the other side; `forbidden`: this server does not send
 * there, now or later.
 */
export type PostResult =
  | { readonly status: number }
  | { readonly failed: string; readonly sent: boolean; readonly forbidden?: boolean };

/** Most that is read of an answer's body; it is thrown away. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** Finds the addresses of a host name, all of them. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export interface PosterOptions {
  /** For development and tests: http, and addresses of any kind. */
  readonly allowPrivate: boolean;
  /** In place of the machine's own. */
  readonly resolve?: Resolve;
}

class InsideAddress extends Error {}

/**
 * Sends to the outside only: https, and no address that leads inside, looked at once the name is resolved, on the very
 * addresses that are then connected to. Redirects are answers like any other; none is followed.
 */
export function createPoster({ allowPrivate, resolve = systemLookup }: PosterOptions) {
  const objection = (text: string): string | undefined => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const isSafe = url?.protocol === 'https:' || (allowPrivate && url?.protocol === 'http:');
    if (!url || !isSafe) return 'expected an https address such as https://example.com/hook';
    if (url.username || url.password) return 'expected an address without user and password';
    const host = hostOf(url);
    if (allowPrivate) return undefined;
    if (isIP(host) !== 0 && !isPublicAddress(host))
      return 'expected an address of the public Internet, got an inside one';
    return host === 'localhost' || host.endsWith('.localhost') ? 'expected a public host, got this machine' : undefined;
  };

  const lookup: LookupFunction = (hostname, options, done) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, '');
      const [first] = addresses;
      const isAllowed = allowPrivate || addresses.every(({ address }) => isPublicAddress(address));
      if (!first || !isAllowed) return done(new InsideAddress(`${hostname} leads to an inside address`), '');
      if (options.all) return done(null, addresses);
      return done(null, first.address, first.family);
    });
  };

  return {
    objection,
    post: ({ url: text, headers, body, timeoutMs }: OutgoingPost): Promise<PostResult> =>
      new Promise((settle) => {
        const refused = objection(text);
        if (refused !== undefined) return settle({ failed: `${refused}.`, sent: false, forbidden: true });
        const url = new URL(text);
        const isSecure = url.protocol === 'https:';
        let sent = false;
        const request = (isSecure ? httpsRequest : httpRequest)(url, {
          method: 'POST',
          headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
          // A connection of its own: a kept one may be dead, and then nobody knows whether the request was read.
          agent: false,
          lookup,
        });
        const timer = setTimeout(() => request.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
        const end = (result: PostResult): void => {
          clearTimeout(timer);
          settle(result);
        };
        request.once('socket', (socket) => {
          // Up to here nothing of the message has left: names, connections and certificates may fail without harm.
          socket.once(isSecure ? 'secureConnect' : 'connect', () => {
            sent = true;
          });
        });
        request.once('response', (response) => {
          let bytes = 0;
          response.on('data', (chunk: Buffer) => {
            bytes += chunk.length;
            if (bytes > MAX_ANSWER_BYTES) response.destroy();
          });
          // The status says all; whatever happens to the rest of the answer changes nothing.
          response.once('error', () => {});
          end({ status: response.statusCode ?? 0 });
          setTimeout(() => response.destroy(), timeoutMs).unref();
        });
        request.on('error', (error) => {
          const failed = `The webhook could not be reached: ${error.message}.`;
          end({ failed, sent, ...(error instanceof InsideAddress && { forbidden: true }) });
        });
        request.end(body);
      }),
  };
}

const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '').toLowerCase();
