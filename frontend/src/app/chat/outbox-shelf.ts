import { InjectionToken } from '@angular/core';

import { OutboxEntry } from './outbox-entry';

/** Where unsent messages are kept so that they survive a reload and a closed tab. Every method may reject: storage can be full or blocked. */
export interface OutboxShelf {
  all(userId: string): Promise<OutboxEntry[]>;
  put(entry: OutboxEntry): Promise<void>;
  remove(clientMessageId: string): Promise<void>;
}

export const OUTBOX_SHELF = new InjectionToken<OutboxShelf>('outbox shelf', {
  providedIn: 'root',
  factory: () => new IndexedDbShelf(),
});

const STORE = 'outbox';

/** The shelf in IndexedDB, shared by all tabs of the origin. */
export class IndexedDbShelf implements OutboxShelf {
  private opening: Promise<IDBDatabase> | null = null;

  async all(userId: string): Promise<OutboxEntry[]> {
    const index = (await this.store('readonly')).index('userId');
    return finished(index.getAll(userId) as IDBRequest<OutboxEntry[]>);
  }

  async put(entry: OutboxEntry): Promise<void> {
    await finished((await this.store('readwrite')).put(entry));
  }

  async remove(clientMessageId: string): Promise<void> {
    await finished((await this.store('readwrite')).delete(clientMessageId));
  }

  private async store(mode: IDBTransactionMode): Promise<IDBObjectStore> {
    this.opening ??= openDatabase();
    try {
      const database = await this.opening;
      return database.transaction(STORE, mode).objectStore(STORE);
    } catch (error) {
      // The next call opens it again.
      this.opening = null;
      throw error;
    }
  }
}

function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open('hubbub', 1);
  request.onupgradeneeded = () => {
    const store = request.result.createObjectStore(STORE, { keyPath: 'clientMessageId' });
    store.createIndex('userId', 'userId');
  };
  return finished(request).then((database) => {
    // A newer version of the app in another tab may want to upgrade.
    database.onversionchange = () => database.close();
    return database;
  });
}

function finished<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('Storage failed.'));
  });
}
