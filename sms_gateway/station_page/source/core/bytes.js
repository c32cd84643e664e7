// Bytes and their texts. Rules of core/: no page, no clock, no storage; the same answers as the Python floor `wire`.

function utf8(text) {
  return new TextEncoder().encode(text);
}

function joined(pieces) {
  const whole = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
  let place = 0;
  for (const piece of pieces) {
    whole.set(piece, place);
    place += piece.length;
  }
  return whole;
}

// A whole number as so many bytes, the greatest first.
function bigEndian(number, size) {
  const bytes = new Uint8Array(size);
  for (let place = size - 1, left = number; place >= 0; place -= 1) {
    bytes[place] = left % 256;
    left = Math.floor(left / 256);
  }
  return bytes;
}

function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Unpadded URL-safe base64, as wire/signing.py writes it.
function base64url(bytes) {
  const plain = btoa(String.fromCharCode.apply(null, bytes));
  return plain.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

// The bytes of such a text, or null.
function fromBase64url(text) {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) {
    return null;
  }
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (char) => char.charCodeAt(0));
}

dabyl.bytes = { utf8, joined, bigEndian, hex, base64url, fromBase64url };
