/** A record as it lies on the device: nobody reads it without its key. */
export interface SealedRecord {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly sealed: ArrayBuffer;
  /** When it was last written, in milliseconds: by it, what is old goes, whoever's it is. */
  readonly at: number;
}

/** Where sealed records lie, by names that tell nothing. */
export interface Drawer {
  get(name: string): Promise<SealedRecord | undefined>;
  put(name: string, record: SealedRecord): Promise<void>;
  delete(name: string): Promise<void>;
  entries(): Promise<readonly (readonly [name: string, record: SealedRecord])[]>;
}

const DATABASE = 'svar-drafts';
const STORE = 'drafts';

/** A drawer in IndexedDB. Rejects where the browser lets nothing be kept, as some do in private windows. */
export async function indexedDbDrawer(): Promise<Drawer> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => void opening.result.createObjectStore(STORE);
  const database = await done(opening);
  const store = (mode: IDBTransactionMode): IDBObjectStore =>
    // what is put has reached the disk before it counts as kept: a telephone may lose its power
    database.transaction(STORE, mode, { durability: 'strict' }).objectStore(STORE);
  return {
    get: (name) => done<SealedRecord | undefined>(store('readonly').get(name)),
    put: (name, record) => committed(store('readwrite'), (records) => records.put(record, name)),
    delete: (name) => committed(store('readwrite'), (records) => records.delete(name)),
    async entries() {
      const records = store('readonly');
      const [names, values] = await Promise.all([done(records.getAllKeys()), done<SealedRecord[]>(records.getAll())]);
      return values.map((value, index) => [String(names[index]), value] as const);
    },
  };
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function committed(records: IDBObjectStore, change: (records: IDBObjectStore) => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    records.transaction.oncomplete = () => resolve();
    records.transaction.onabort = () => reject(records.transaction.error);
    change(records);
  });
}

/** A drawer that is gone with the page: for a browser that keeps nothing, and for tests. */
export function memoryDrawer(): Drawer {
  const records = new Map<string, SealedRecord>();
  return {
    get: async (name) => records.get(name),
    put: async (name, record) => void records.set(name, record),
    delete: async (name) => void records.delete(name),
    entries: async () => [...records],
  };
}
