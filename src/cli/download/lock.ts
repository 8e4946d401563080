import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'fs';
import { hostname } from 'os';
import { resolve as absolute } from 'path';
import { InputError } from '../io';
import { onDisk } from './partial';

/** Interval at which a run updates the time of its lock. */
const HEARTBEAT_MS = 20_000;
/**
 * Age of a lock after which its run is taken to be dead, even if its process id exists. Process ids are reused, and have no meaning
 * on another machine.
 */
const DEAD_AFTER_MS = 600_000;
/** Wait before a lock that was taken over is read again: of two runs that take it over at the same time, the later one keeps it. */
const SETTLE_MS = 100;

/** Locks of this process. A lock with the id of this process that is not among them was left by a dead process with the same id. */
const held = new Set<string>();

/**
 * Locks a path against other runs, and returns the function that releases the lock.
 *
 * @throws InputError if another run has the lock
 */
export async function lock(path: string): Promise<() => void> {
  const mine = JSON.stringify({ pid: process.pid, host: hostname() });
  const key = absolute(path);
  if (held.has(key) || !(create(path, mine) || await takeOver(path, mine))) throw inUse(path);
  held.add(key);
  const heartbeat = setInterval(() => touch(path), HEARTBEAT_MS).unref();
  return () => {
    clearInterval(heartbeat);
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
    // The process exists and belongs to another user.
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
    // The lock was removed. Its release checks this; a timer must not throw.
  }
}

function inUse(path: string): InputError {
  const { pid, host } = ownerOf(contentOf(path));
  return new InputError(
    `${path}: is the lock of another run${pid === undefined ? '' : ` (process ${pid} on ${host})`}.`,
    'Wait until it has ended, or choose another --output. If there is no other run, delete the lock file.',
  );
}
