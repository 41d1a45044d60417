import { join } from 'node:path';
import Sqlite from 'libsql';
import { LogError } from '../DeliveryLog.ts';
import { isBusy, logErrorOf } from './errors.ts';

/** The file in the folder of a store that one service holds. The system lets go of it when that process ends, however it does. */
export const LOCK_FILE = 'service.lock';

/**
 * Takes the folder of a store for this process: who is present in a room, two services on one file would tell two ways.
 * Gives what lets go of it.
 *
 * @throws LogError `log_unavailable` where another service has it, or the folder cannot be written to.
 */
export function lockFolder(folder: string): () => void {
  let lock: Sqlite.Database | null = null;
  try {
    // SQLite's own locks work alike on all systems.
    lock = new Sqlite(join(folder, LOCK_FILE), { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE');
    const held = lock;
    return () => void held.close();
  } catch (error) {
    lock?.close();
    if (isBusy(error))
      throw new LogError('log_unavailable', `another service keeps its log in ${folder}`, { cause: error });
    throw logErrorOf(error, `lock ${folder}`);
  }
}
