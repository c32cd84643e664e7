// The steps of checking one sheet. Nothing that the server says is believed: what it gives is hashed here.
// A step gives {state, say, values}: `ok`, `fault`, `unknown` (could not be checked), and a sentence of the page.
dabyl.ok = (say, values) => ({ state: "ok", say, values: values || {} });
dabyl.unknown = (say, values) => ({ state: "unknown", say, values: values || {} });

// The text on the page has the hash under which it is listed.
dabyl.checkText = async function (copy) {
  const found = dabyl.hex(dabyl.hash(dabyl.utf8(copy.text)));
  if (found !== copy.sha256) throw new dabyl.Fault("text-fault", { hash: found, listed: copy.sha256 });
  return dabyl.ok("text-ok", { hash: found });
};

// Every number in the table is that of the text. `shown`: [[name, digits], ...].
dabyl.checkShown = async function (copy) {
  const numbers = dabyl.numbersOf(JSON.parse(copy.text));
  for (const [name, digits] of copy.shown) {
    const right = numbers.has(name) ? String(numbers.get(name)) : "";
    const said = { name, shown: digits || "–", right: right || "–" };
    if (digits !== right) throw new dabyl.Fault("shown-fault", said);
  }
  return dabyl.ok("shown-ok", { count: copy.shown.length });
};

dabyl.numbersOf = function (sheet) {
  const found = new Map(Object.entries(sheet.counts || {}));
  Object.entries(sheet.votes || {}).forEach(([name, votes]) => found.set(`votes/${name}`, votes));
  return found;
};

// The newest checkpoint is signed by the log's key; a key that the page swapped is no key of the log's.
dabyl.checkHead = async function (copy, log, known) {
  if (log.usual && log.usual !== log.key.line) throw new dabyl.Fault("key-changed", { usual: log.usual });
  known.head = dabyl.signedHead(dabyl.text(await log.get("checkpoint")), log.key);
  known.tiles = new dabyl.Tiles(log.get, known.head.size);
  return dabyl.ok("head-ok", { name: log.key.name, size: known.head.size });
};

// The log has only grown since the checkpoint that this browser, or the visitor, kept.
dabyl.checkSeen = async function (copy, log, known) {
  const now = dabyl.need(known.head);
  if (!log.seen) return dabyl.ok("seen-first", { size: now.size });
  const old = dabyl.signedHead(log.seen, log.key);
  if (old.size > now.size) throw new dabyl.Fault("seen-smaller", { old: old.size, size: now.size });
  const path = await dabyl.consistencyProof(known.tiles.nodes, old.size, now.size);
  if (!dabyl.isConsistent(old, now, path)) throw new dabyl.Fault("seen-fork", { old: old.size, size: now.size });
  return dabyl.ok("seen-ok", { old: old.size, size: now.size });
};

// Every witness that the visitor trusts has cosigned this very checkpoint; null where none was named.
dabyl.checkWitnesses = async function (copy, log, known) {
  if (!log.witnesses.length) return null;
  const { note } = dabyl.need(known.head);
  const told = log.witnesses.map((key) => `${key.name} (${dabyl.cosignedAt(note, key)})`);
  return dabyl.ok("witness-ok", { name: told.join(", ") });
};

// The entry of the log names this station, this sheet and this hash.
dabyl.checkEntry = async function (copy, log, known) {
  const size = dabyl.need(known.head).size;
  if (!(copy.entry >= 0 && copy.entry < size)) throw new dabyl.Fault("entry-missing", { entry: copy.entry, size });
  known.leaf = await known.tiles.entry(copy.entry);
  const said = JSON.parse(dabyl.text(known.leaf));
  const hash = dabyl.hex(dabyl.hash(dabyl.utf8(copy.text)));
  const same = said.kind === "sheet" && dabyl.isOf(said, copy);
  if (!same) throw new dabyl.Fault("entry-other", { entry: copy.entry });
  if (said.sha256 !== hash) throw new dabyl.Fault("entry-fault", { entry: copy.entry, hash: said.sha256 });
  return dabyl.ok("entry-ok", { entry: copy.entry, at: said.at });
};

dabyl.isOf = (said, copy) => said.station === copy.station && (said.sheet || "1") === copy.sheet;

// The entry's own bytes lead to the signed root.
dabyl.checkPath = async function (copy, log, known) {
  const count = await dabyl.mustInclude(dabyl.need(known.leaf), copy.entry, known);
  return dabyl.ok("path-ok", { count, size: known.head.size });
};

dabyl.mustInclude = async function (entry, index, known) {
  const { head, tiles } = known;
  const leaf = dabyl.leafHash(entry);
  if (!dabyl.same(leaf, await tiles.nodes(0, index))) throw new dabyl.Fault("leaf-fault", { entry: index });
  const path = await dabyl.inclusionProof(tiles.nodes, index, head.size);
  const where = await tiles.falseTile(index); // asked first: it names the place
  if (where) throw new dabyl.Fault("tile-fault", { path: where });
  if (dabyl.isIncluded(leaf, index, head.size, path, head.root)) return path.length;
  throw new dabyl.Fault("path-fault", { size: head.size });
};

// What the station wrote by text message, before, is the same hash.
dabyl.checkClaims = async function (copy, log, known) {
  dabyl.need(known.head);
  if (!copy.claims.length) return dabyl.unknown("claim-none");
  for (const index of copy.claims) {
    if (index >= known.head.size) throw new dabyl.Fault("entry-missing", { entry: index, size: known.head.size });
    const entry = await known.tiles.entry(index);
    await dabyl.mustInclude(entry, index, known);
    const said = JSON.parse(dabyl.text(entry));
    const same = said.kind === "claim" && dabyl.isOf(said, copy);
    if (!same) throw new dabyl.Fault("entry-other", { entry: index });
    if (said.sha256 !== copy.sha256) throw new dabyl.Fault("claim-fault", { entry: index, hash: said.sha256 });
  }
  return dabyl.ok("claim-ok", { entry: copy.claims.join(", ") });
};

// The photographs that came with the copy stand in the log under the hashes of this page; null where none came.
dabyl.checkScans = async function (copy, log, known) {
  if (!copy.scans.length) return null;
  dabyl.need(known.leaf);
  for (const { entry, sha256 } of copy.scans) {
    if (entry >= known.head.size) throw new dabyl.Fault("entry-missing", { entry, size: known.head.size });
    const bytes = await known.tiles.entry(entry);
    await dabyl.mustInclude(bytes, entry, known);
    const said = JSON.parse(dabyl.text(bytes));
    if (said.kind !== "scan" || !dabyl.isOf(said, copy)) throw new dabyl.Fault("entry-other", { entry });
    if (said.sha256 !== sha256) throw new dabyl.Fault("scan-fault", { entry, hash: said.sha256 });
  }
  return dabyl.ok("scan-ok", { entry: copy.scans.map((one) => one.entry).join(", ") });
};

dabyl.STEPS = [
  ["text", dabyl.checkText], ["shown", dabyl.checkShown], ["head", dabyl.checkHead],
  ["witness", dabyl.checkWitnesses], ["seen", dabyl.checkSeen],
  ["entry", dabyl.checkEntry], ["path", dabyl.checkPath], ["claim", dabyl.checkClaims], ["scan", dabyl.checkScans],
];

dabyl.Unreachable = class extends Error {};

dabyl.need = function (known) {
  if (!known) throw new dabyl.Unreachable("");
  return known;
};

dabyl.failed = function (error) {
  if (error instanceof dabyl.Fault) return { state: "fault", say: error.say, values: error.values };
  if (error instanceof dabyl.Unreachable) {
    return error.message ? dabyl.unknown("not-fetched", { path: error.message }) : dabyl.unknown("not-checked");
  }
  return { state: "fault", say: "not-readable", values: {} }; // bytes that are no JSON, no UTF-8
};

// Every step of one copy, each as a row {step, state, say, values}; `tell` gets each as soon as it is known.
// `copy`: text, sha256, entry, claims, scans, station, sheet, shown. `log`: get, key, witnesses (keys), seen (a
// checkpoint or ""), usual (the key that held here before, or ""). A head that holds comes back.
dabyl.check = async function (copy, log, tell) {
  const known = {};
  const rows = [];
  for (const [step, work] of dabyl.STEPS) {
    const found = await work(copy, log, known).catch(dabyl.failed);
    if (!found) continue;
    rows.push(Object.assign({ step }, found));
    if (tell) tell(rows[rows.length - 1]);
  }
  const state = (step) => rows.find((row) => row.step === step).state;
  const isSound = ["head", "seen", "path"].every((step) => state(step) === "ok");
  return { rows, holds: !rows.some((row) => row.state === "fault"), head: isSound ? known.head : null };
};
