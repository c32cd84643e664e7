// What the station's key signs: the text that carries a sheet's hash, the one that carries a word, an upload.
// The layout stands in wire/sealed.py and docs/sms.md; the purpose line keeps a signature to its one use.

const { utf8, joined, bigEndian, base64url } = dabyl.bytes;

const PREFIX = "DBY1";
const VERSION = 1;
const STATUS = 128;

function publicKey(seed) {
  return nacl.sign.keyPair.fromSeed(seed).publicKey;
}

function signature(seed, purpose, message) {
  const signed = joined([utf8(purpose + "\n"), message]);
  return nacl.sign.detached(signed, nacl.sign.keyPair.fromSeed(seed).secretKey);
}

// Version, type, the station's six digits as a number, Unix seconds.
function head(type, station, at) {
  const number = Number(station.slice(3, 5) + station.slice(6));
  return joined([Uint8Array.of(VERSION, type), bigEndian(number, 3), bigEndian(at, 4)]);
}

function sealed(seed, purpose, signed) {
  const bare = PREFIX + dabyl.base62.encode(joined([signed, signature(seed, purpose, signed)]));
  return bare + dabyl.base62.check(bare);
}

function sealSheet(seed, station, digest, at, sheet) {
  return sealed(seed, "dabyl/v1/sheet", joined([head(sheet, station, at), digest]));
}

// `number`: the word's, from the facts; `turnout`: null, or { hour, count }, an hour of 0 being none.
function sealStatus(seed, station, number, at, turnout) {
  const body = turnout === null ? [] : [Uint8Array.of(turnout.hour), bigEndian(turnout.count, 2)];
  return sealed(seed, "dabyl/v1/status", joined([head(STATUS + number, station, at)].concat(body)));
}

// An upload as POST /v1/sheets takes it: the record, and the signature over its canonical form without it.
function signedUpload(seed, record) {
  const signed = utf8(dabyl.canonical.written(record));
  return Object.assign({}, record, { signature: base64url(signature(seed, "dabyl/v1/upload", signed)) });
}

dabyl.seal = { publicKey, sealSheet, sealStatus, signedUpload };
