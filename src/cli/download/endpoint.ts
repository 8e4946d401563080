import { InputError } from '../io';

/** Public address of AWS's price lists. */
export const AWS_ENDPOINT = 'https://pricing.us-east-1.amazonaws.com';

/** Hosts whose traffic does not leave the machine. */
const LOOPBACK: readonly string[] = ['127.0.0.1', '[::1]', 'localhost'];

/**
 * Validates the address that all paths are appended to, and removes its trailing slashes. It may have a path, such as that of a mirror.
 *
 * @throws InputError if the address is not permitted
 */
export function endpointOf(text: string): string {
  const shown = JSON.stringify(withoutUserInfo(text));
  const refuse = (why: string) => new InputError(`--endpoint must be an https: address such as ${AWS_ENDPOINT}, got ${shown}: ${why}.`);
  if (!URL.canParse(text)) throw refuse('it is not an address');
  const url = new URL(text);
  const refused = checkProtocol(url);
  if (refused !== undefined) throw refuse(refused);
  if (url.search !== '' || url.hash !== '') throw refuse('it has a query or a fragment');
  return url.href.replace(/\/+$/, '');
}

/** Hides the user name and password of an address. Works for texts that are not addresses, and for passwords with a slash or an at sign. */
function withoutUserInfo(text: string): string {
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$1***@');
}

/** Reason why requests to an address are refused; undefined if they are permitted. */
export function checkProtocol({ protocol, hostname, username, password }: URL): string | undefined {
  // Messages would print the credentials, and the price lists are public.
  if (username !== '' || password !== '') return 'it has a user name or password, and none is needed';
  if (protocol === 'https:' || (protocol === 'http:' && LOOPBACK.includes(hostname))) return undefined;
  return protocol === 'http:' ? `http: is only allowed for this machine (${LOOPBACK.join(', ')}), since others could alter the prices on their way`
    : `${protocol} is not https:`;
}
