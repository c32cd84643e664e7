// Photos of the paper: hashed piece by piece, kept in the phone (IndexedDB) until they are erased or sent.

const BASE = "dabyl.station";
const SHELF = "photos";
const PIECE = 1 << 20;
const TYPES = ["image/jpeg", "image/png", "application/pdf"];
const MOST = 8 << 20;

// Where no database can be had, the photo lives as long as the tab.
const inTab = {};

function piece(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(new Uint8Array(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsArrayBuffer(blob);
  });
}

// The SHA-256 of a file as hex, never more than a piece of it in memory; `progress` is told the share that is done.
async function hash(file, progress) {
  const state = new sha256.Hash();
  for (let start = 0; start < file.size; start += PIECE) {
    state.update(await piece(file.slice(start, start + PIECE)));
    progress(Math.min(1, (start + PIECE) / file.size));
  }
  return dabyl.bytes.hex(state.digest());
}

function fault(file) {
  if (TYPES.indexOf(file.type) < 0) {
    return "photo-type";
  }
  return file.size > MOST ? "photo-big" : null;
}

function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(BASE, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(SHELF);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

// One change or question; gives what the database answers, once it is safe on disk.
async function done(mode, ask) {
  const base = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const change = base.transaction(SHELF, mode);
      const asked = ask(change.objectStore(SHELF));
      change.oncomplete = () => resolve(asked.result);
      change.onerror = () => reject(change.error);
      change.onabort = () => reject(change.error);
    });
  } finally {
    base.close();
  }
}

async function keep(digest, file) {
  inTab[digest] = file;
  try {
    await done("readwrite", (shelf) => shelf.put(file, digest));
  } catch (error) {
    // No database, or a full phone: the tab has it, and the hash is what counts.
  }
}

async function find(digest) {
  if (inTab[digest]) {
    return inTab[digest];
  }
  try {
    return (await done("readonly", (shelf) => shelf.get(digest))) || null;
  } catch (error) {
    return null;
  }
}

async function clear() {
  Object.keys(inTab).forEach((digest) => delete inTab[digest]);
  try {
    await new Promise((resolve) => {
      const asked = indexedDB.deleteDatabase(BASE);
      asked.onsuccess = resolve;
      asked.onerror = resolve;
      asked.onblocked = resolve;
    });
  } catch (error) {
    // No database was ever to be had, so nothing is in it.
  }
}

dabyl.photos = { hash, fault, keep, find, clear };
