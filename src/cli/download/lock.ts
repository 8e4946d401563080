import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'fs';
import { hostname } from 'os';
import { resolve as absolute } from 'path';
import { InputError } from '../io';
import { onDisk } from './partial';

/** A living run shows itself this often ... */
const SIGN_OF_LIFE_MS = 20_000;
/** ... and one that has not for so long is dead, whatever its process id says: ids are given again, and mean nothing on another machine. */
const DEAD_AFTER_MS = 600_000;
/** For two runs that take over the same dead lock at once: the later of them has it. */
const SETTLE_MS = 100;

/** The locks of this process: a lock with its id that is not among them was left by a dead process of the same id. */
const held = new Set<string>();

/**
 * Keeps other runs off until it is released.
 *
 * @throws InputError when another run is at work
 */
export async function lock(path: string): Promise<() => void> {
  const mine = JSON.stringify({ pid: process.pid, host: hostname() });
  const key = absolute(path);
  if (held.has(key) || !(create(path, mine) || await takeOver(path, mine))) throw inUse(path);
  held.add(key);
  const life = setInterval(() => touch(path), SIGN_OF_LIFE_MS).unref();
  return () => {
    clearInterval(life);
    held.delete(key);
    if (contentOf(path) === mine) rmSync(path, { force: true });
  };
}

function create(path: string, content: string): boolean {
  return onDisk(path, () => {
    try {
      const file = openSync(path, 'wx');
      writeFileSync(file, content);
      closeSync(file);
      return true;
    } catch (e) {
      if ((e as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw e;
    }
  });
}

async function takeOver(path: string, mine: string): Promise<boolean> {
  if (!isDead(path)) return false;
  const next = `${path}.${process.pid}`;
  onDisk(path, () => {
    writeFileSync(next, mine);
    renameSync(next, path);
  });
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  return contentOf(path) === mine;
}

function isDead(path: string): boolean {
  const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  if (age > DEAD_AFTER_MS) return true;
  const { pid, host } = ownerOf(contentOf(path));
  return host === hostname() && (pid === process.pid || !isRunning(pid));
}

function ownerOf(content: string | undefined): { readonly pid?: number; readonly host?: string } {
  try {
    return JSON.parse(content ?? '') ?? {};
  } catch {
    return {};
  }
}

function isRunning(pid: number | undefined): boolean {
  try {
    process.kill(pid!, 0);
    return true;
  } catch (e) {
    // Not ours to signal, but there.
    return (e as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function touch(path: string): void {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // Someone removed it: that is found out at the end, not in a timer.
  }
}

function inUse(path: string): InputError {
  const { pid, host } = ownerOf(contentOf(path));
  return new InputError(
    `${path}: is the lock of another run${pid === undefined ? '' : ` (process ${pid} on ${host})`}.`,
    'Wait until it has ended, or choose another --output. If no other run is at work, delete the lock file.',
  );
}
