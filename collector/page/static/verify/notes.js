// Signed notes and checkpoints (c2sp.org/signed-note, c2sp.org/tlog-checkpoint): read strictly or not at all.
dabyl.Fault = class extends Error {
  constructor(say, values) {
    super(say);
    this.say = say; // a name of a sentence of the page
    this.values = values || {};
  }
};

// The points of small order and their twins, sign bit cleared: as keys they sign nothing (RFC 8032, 5.1.7).
dabyl.SMALL_ORDER = [
  "00".repeat(32), `01${"00".repeat(31)}`, `ec${"ff".repeat(30)}7f`, `ed${"ff".repeat(30)}7f`, `ee${"ff".repeat(30)}7f`,
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
];

dabyl.LOG = 1;
dabyl.WITNESS = 4;

// A verifier key of a log, or of a witness, `name+id+base64`; throws a Fault.
dabyl.readKey = function (line, kind = dabyl.LOG) {
  const [name, id, coded, ...more] = line.trim().split("+");
  const whole = more.length ? [coded, ...more].join("+") : coded; // base64 has plus signs of its own
  const raw = whole ? dabyl.fromBase64(whole) : null;
  if (!name || /\s/.test(name) || !raw || raw.length !== 33 || raw[0] !== kind) throw new dabyl.Fault("key-bad");
  const named = dabyl.hash(dabyl.utf8(`${name}\n`), raw).subarray(0, 4);
  const point = Uint8Array.from(raw.subarray(1));
  point[31] &= 127;
  if (dabyl.hex(named) !== id || dabyl.SMALL_ORDER.includes(dabyl.hex(point))) throw new dabyl.Fault("key-bad");
  return { line: line.trim(), name, id: named, bytes: raw.subarray(1) };
};

// A note's text and signatures, nothing verified; throws a Fault.
dabyl.readNote = function (whole) {
  const split = whole.lastIndexOf("\n\n");
  const lines = whole.slice(split + 2).split("\n");
  if (split < 1 || lines.pop() !== "" || lines.length > 64 || /[\x00-\x09\x0b-\x1f]/.test(whole)) throw new dabyl.Fault("note-bad");
  return { text: whole.slice(0, split + 1), signatures: lines.map(dabyl.readSignature), whole };
};

dabyl.readSignature = function (line) {
  const parts = /^\u2014 ([^\s+]+) (\S+)$/.exec(line);
  const raw = parts && dabyl.fromBase64(parts[2]);
  if (!raw || raw.length <= 4) throw new dabyl.Fault("note-bad");
  return { name: parts[1], id: raw.subarray(0, 4), body: raw.subarray(4) };
};

// The order of Ed25519's group, lowest byte first: a number of a signature is smaller (RFC 8032, 5.1.7).
dabyl.ORDER = [
  0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

dabyl.isBelowOrder = function (number) {
  for (let at = 31; at >= 0; at -= 1) {
    if (number[at] !== dabyl.ORDER[at]) return number[at] < dabyl.ORDER[at];
  }
  return false;
};

dabyl.isSigned = function (text, body, key) {
  if (body.length !== 64 || !dabyl.isBelowOrder(body.subarray(32))) return false;
  return nacl.sign.detached.verify(dabyl.utf8(text), body, key.bytes);
};

dabyl.signaturesOf = function (note, key) {
  return note.signatures.filter((one) => one.name === key.name && dabyl.same(one.id, key.id));
};

// When a witness cosigned a note (c2sp.org/tlog-cosignature), as a time; throws a Fault.
dabyl.cosignedAt = function (note, key) {
  const found = dabyl.signaturesOf(note, key);
  if (!found.length) throw new dabyl.Fault("witness-missing", { name: key.name });
  const times = found.map(({ body }) => {
    const at = body.subarray(0, 8).reduce((time, byte) => time * 256 + byte, 0);
    const signed = `cosignature/v1\ntime ${at}\n${note.text}`;
    const holds = body.length === 72 && dabyl.isSigned(signed, body.subarray(8), key);
    if (!holds) throw new dabyl.Fault("witness-forged", { name: key.name });
    return at;
  });
  return new Date(Math.max(...times) * 1000).toISOString();
};

// The head that a note tells, signed by the key: {size, root, whole, note}; throws a Fault.
dabyl.signedHead = function (whole, key) {
  const note = dabyl.readNote(whole);
  const ours = dabyl.signaturesOf(note, key);
  if (!ours.length) throw new dabyl.Fault("note-other-key", { name: key.name });
  if (!ours.every((one) => dabyl.isSigned(note.text, one.body, key))) throw new dabyl.Fault("note-forged");
  return dabyl.readHead(note, key);
};

dabyl.readHead = function (note, key) {
  const [origin, size, root, ...more] = note.text.slice(0, -1).split("\n");
  const hash = root ? dabyl.fromBase64(root) : null;
  const whole = /^(0|[1-9][0-9]{0,15})$/.test(size || "") && Number.isSafeInteger(Number(size));
  if (!whole || !hash || hash.length !== 32 || more.includes("")) throw new dabyl.Fault("note-bad");
  if (origin !== key.name) throw new dabyl.Fault("note-other-log", { name: origin });
  return { size: Number(size), root: hash, whole: note.whole, note };
};
