const HOST = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/;

/** The lower-case host name, without `www.`, of a domain or web address; null when the text is neither. */
export function readDomain(text: string): string | null {
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(address)) return null;
  const { hostname, protocol, username } = new URL(address);
  // An email address parses as an address with a user; it is somebody's mail box, not the account's domain.
  if (username !== '' || !/^https?:$/.test(protocol)) return null;
  const host = hostname.replace(/^www\./, '').replace(/\.$/, '');
  return HOST.test(host) ? host : null;
}
