// A record's one form: JSON as RFC 8785 writes it, for objects, lists, texts, null, true, false and whole numbers.
// JSON.stringify writes texts as the RFC wants (its 3.2.2.2 is the language's own rule); the order of keys is ours.

function written(value) {
  if (Array.isArray(value)) {
    return "[" + value.map(written).join(",") + "]";
  }
  if (value !== null && typeof value === "object") {
    // The language's own order of texts is that of UTF-16 code units, which RFC 8785, 3.2.3 asks for.
    const keys = Object.keys(value).sort();
    return "{" + keys.map((key) => plain(key) + ":" + written(value[key])).join(",") + "}";
  }
  return plain(value);
}

function plain(value) {
  if (typeof value === "number" && !Number.isSafeInteger(value)) {
    throw new Error("whole numbers below 2^53 only");
  }
  // A surrogate without its other half cannot be written in UTF-8; only a lone one is a code point of its own.
  if (typeof value === "string" && Array.from(value).some((char) => /^[\ud800-\udfff]$/.test(char))) {
    throw new Error("half of a character");
  }
  return JSON.stringify(value);
}

dabyl.canonical = { written };
