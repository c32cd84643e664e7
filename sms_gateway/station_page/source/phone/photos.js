// Photos of the paper: cleaned, hashed piece by piece, kept in the phone (IndexedDB) until they are erased or sent.

const BASE = "dabyl.station";
const SHELF = "photos";
const PIECE = 1 << 20;
const MOST = 8 << 20;
const SIDE = 3000;
const QUALITY = 0.85;

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

// A picture that is too large for the collector, drawn smaller: still sharp enough to read a sheet.
async function smaller(blob) {
  const picture = await dabyl.scan.image(blob);
  const canvas = dabyl.scan.canvas(picture, picture.naturalWidth, picture.naturalHeight, SIDE);
  URL.revokeObjectURL(picture.src);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
}

// { blob } as it is hashed, kept and sent: without notes about its maker, small enough; or { fault }.
async function ready(file) {
  const bytes = await piece(file);
  const type = dabyl.photo.type(bytes);
  const clean = dabyl.photo.clean(bytes);
  if (clean === null) {
    return { fault: type === null ? "photo-type" : "photo-unread" };
  }
  const blob = new Blob([clean], { type });
  if (blob.size <= MOST) {
    return { blob };
  }
  const less = type === "application/pdf" ? blob : await smaller(blob);
  return less.size <= MOST ? { blob: less } : { fault: "photo-big" };
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

dabyl.photos = { ready, hash, keep, find, clear };
