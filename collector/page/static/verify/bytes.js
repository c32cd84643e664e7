// Bytes as hex and base64, and their hashes. Each file of this folder adds to `dabyl`; wire/ has the same in Python.
// ES2017 without BigInt: it runs on the phones that observers carry.
dabyl.hash = function (...parts) {
  const hasher = new sha256.Hash();
  parts.forEach((part) => hasher.update(part));
  return hasher.digest();
};

dabyl.utf8 = (text) => new TextEncoder().encode(text);

dabyl.text = function (bytes) {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
};

dabyl.hex = (bytes) => Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");

dabyl.same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);

dabyl.toBase64 = (bytes) => btoa(String.fromCharCode(...bytes));

// The bytes of standard base64 in its one canonical form; null for anything else.
dabyl.fromBase64 = function (text) {
  try {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    return dabyl.toBase64(bytes) === text ? bytes : null; // spare bits would give one hash two faces
  } catch (error) {
    return null;
  }
};
