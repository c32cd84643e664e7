// The key card's text: `dabyl:station?id=KZ-71-0379&key=<43 characters>` from its QR, or what is typed from it by hand:
// `71-0379`, the key in base62 and four check characters, in groups of five.

const SEED_BYTES = 32;
const SEED_CHARS = 43;
const STATION = /^KZ-[0-9]{2}-[0-9]{4}$/;

// { station, seed }, or { fault }: "card-none", "card-public" (no secret in it), "card-typo".
function read(text) {
  const bare = text.replace(/\s/g, "");
  return /^dabyl:station\?/.test(bare) ? fromQr(bare) : fromTyped(bare);
}

function fromQr(bare) {
  const said = {};
  for (const pair of bare.slice(bare.indexOf("?") + 1).split("&")) {
    said[pair.split("=")[0]] = pair.slice(pair.indexOf("=") + 1);
  }
  if (said.public !== undefined && said.key === undefined) {
    return { fault: "card-public" };
  }
  return station(said.id || "", dabyl.bytes.fromBase64url(said.key || ""));
}

function fromTyped(bare) {
  const plain = bare.replace(/^(KZ-?)?([0-9]{2})-?([0-9]{4})-?/i, "$2$3").replace(/-/g, "");
  const body = plain.slice(0, -dabyl.base62.CHECK_CHARS);
  if (!/^[0-9]{6}[0-9A-Za-z]+$/.test(plain) || body.length !== 6 + SEED_CHARS) {
    return { fault: plain.length > SEED_CHARS ? "card-typo" : "card-none" };
  }
  if (dabyl.base62.check(body) !== plain.slice(-dabyl.base62.CHECK_CHARS)) {
    return { fault: "card-typo" };
  }
  const id = `KZ-${body.slice(0, 2)}-${body.slice(2, 6)}`;
  return station(id, dabyl.base62.decode(body.slice(6), SEED_BYTES));
}

function station(id, seed) {
  const whole = STATION.test(id) && seed !== null && seed.length === SEED_BYTES;
  return whole ? { station: id, seed } : { fault: "card-typo" };
}

dabyl.card = { read };
