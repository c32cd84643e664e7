// Letters and digits that every phone and network carries, as one big number: wire/base62.py in this language.
// Long division on bytes, since phones of 2017 have no BigInt.

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const CHECK_CHARS = 4;
const CHECK_PRIME = 14776331;

function width(size) {
  return Math.ceil((size * 8) / Math.log2(ALPHABET.length));
}

// The bytes divided by 62 in place; gives what is left over.
function divide(bytes) {
  let left = 0;
  for (let place = 0; place < bytes.length; place += 1) {
    const value = left * 256 + bytes[place];
    bytes[place] = Math.floor(value / ALPHABET.length);
    left = value % ALPHABET.length;
  }
  return left;
}

function encode(bytes) {
  const number = Uint8Array.from(bytes);
  let text = "";
  for (let places = width(bytes.length); places > 0; places -= 1) {
    text = ALPHABET[divide(number)] + text;
  }
  return text;
}

// The bytes of so many characters; null when a character is strange or the number is too big for them.
function decode(text, size) {
  const bytes = new Uint8Array(size);
  for (const char of text) {
    let carry = ALPHABET.indexOf(char);
    if (carry < 0) {
      return null;
    }
    for (let place = size - 1; place >= 0; place -= 1) {
      const value = bytes[place] * ALPHABET.length + carry;
      bytes[place] = value % 256;
      carry = Math.floor(value / 256);
    }
    if (carry > 0) {
      return null;
    }
  }
  return text.length === width(size) ? bytes : null;
}

// The four characters that tell a typing error: the text as a number, modulo the prime.
function check(text) {
  let value = 0;
  for (const char of text) {
    value = (value * ALPHABET.length + ALPHABET.indexOf(char)) % CHECK_PRIME;
  }
  let found = "";
  for (let places = CHECK_CHARS; places > 0; places -= 1) {
    found = ALPHABET[value % ALPHABET.length] + found;
    value = Math.floor(value / ALPHABET.length);
  }
  return found;
}

dabyl.base62 = { CHECK_CHARS, encode, decode, check };
