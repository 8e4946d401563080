import { createHash } from 'crypto';

/** The SHA-256 hash of texts, in hexadecimal digits. */
export function hash(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}
