// From the photo of the paper to the sealed text.

const { h, fill, button, way, live } = dabyl.dom;
const { say, named, grouped, time } = dabyl.words;
const { heading, signed, notice, brokenLine, panel } = dabyl.parts;

async function taken(draft, file, told, number) {
  const progress = (share) => fill(told, [say("hashing", { percent: Math.round(share * 100) })]);
  try {
    const found = await dabyl.photos.ready(file);
    if (found.fault) {
      fill(told, [notice(found.fault, {}, "fault")]);
      return;
    }
    const sha256 = await dabyl.photos.hash(found.blob, progress);
    await dabyl.photos.keep(sha256, found.blob);
    draft.photo = { sha256, size: found.blob.size };
    dabyl.store.save();
    dabyl.main.go(`photo-${number}`);
  } catch (error) {
    fill(told, [notice("photo-unread", {}, "fault")]);
  }
}

function photoLine(draft) {
  const size = grouped(Math.ceil(draft.photo.size / 1024));
  const hash = h("p", { id: "scan-hash", class: "hash", translate: "no" }, draft.photo.sha256);
  return [notice("photo-hashed", { size }, "good"), hash];
}

function removeButton(draft, number) {
  const remove = () => {
    draft.photo = null;
    dabyl.store.save();
    dabyl.main.go(`photo-${number}`);
  };
  return button("photo-remove", remove);
}

dabyl.screens.photo = (number) => {
  const draft = dabyl.store.sheet(number);
  const told = live("photo-told");
  const chosen = (event) => event.target.files.length && taken(draft, event.target.files[0], told, number);
  const accept = "image/jpeg,image/png,application/pdf";
  return [
    heading("photo-title", {}, 4),
    h("p", {}, say("photo-what")),
    draft.photo ? [photoLine(draft), way("to-check", `check-${number}`, "main")] : null,
    h("input", { id: "photo", class: "file", type: "file", accept, onchange: chosen }),
    h("label", { class: "button " + (draft.photo ? "plain" : "main"), for: "photo" }, say("photo-choose")),
    told,
    draft.photo ? removeButton(draft, number) : way("photo-skip", `check-${number}`),
    way("to-form", `form-${number}`),
  ];
};

function line(label, value) {
  return h("tr", {}, h("th", { scope: "row" }, label), h("td", {}, value));
}

function table(record) {
  const known = facts.schema.fields.filter((field) => record.counts[field.name] !== undefined);
  return h(
    "table",
    {},
    h("caption", {}, `${record.station} · ${record.election}`),
    h("tbody", {}, known.map((field) => line(`${field.key} · ${named(field)}`, grouped(record.counts[field.name])))),
    h("tbody", {}, Object.keys(record.votes).map((name) => line(name, grouped(record.votes[name])))),
  );
}

// The seal and the signed upload are made in one breath, so that no key is needed when the internet comes back.
function sealed(draft, record) {
  const at = Math.floor(Date.now() / 1000);
  const published = dabyl.canonical.written(record);
  const digest = sha256(dabyl.bytes.utf8(published));
  const seed = dabyl.store.seed();
  const upload = {
    v: 1, by: "station", signer: record.station, at: new Date(at * 1000).toISOString(),
    sheet: published, scan: draft.photo ? draft.photo.sha256 : "",
  };
  return {
    text: dabyl.seal.sealSheet(seed, record.station, digest, at, record.sheet),
    sha256: dabyl.bytes.hex(digest), at,
    upload: dabyl.seal.signedUpload(seed, upload), entry: null, scanIn: false, told: null,
  };
}

function sealButton(draft, record, number) {
  if (dabyl.store.seed() === null) {
    return [notice("key-away"), way("card-again", "card")];
  }
  const seal = () => {
    draft.seals.push(sealed(draft, record));
    dabyl.store.save();
    dabyl.main.go(`sealed-${number}`);
  };
  return [button("seal-do", seal, "main")];
}

dabyl.screens.check = (number) => {
  const draft = dabyl.store.sheet(number);
  const fault = dabyl.sheet.fault(draft, facts.schema);
  if (fault) {
    const field = facts.schema.fields.find((one) => one.name === fault[1]);
    const what = field ? named(field) : fault[1];
    return [heading("check-title", {}, 5), notice(fault[0], { what }, "fault"), way("to-form", `form-${number}`, "main")];
  }
  const record = dabyl.sheet.record(draft, facts.schema, dabyl.store.state().station, number);
  const broken = dabyl.sheet.relations(draft, facts.schema).filter((one) => one.holds === false);
  return [
    heading("check-title", {}, 5),
    h("p", {}, say("check-what", { sheet: dabyl.sheetName(number) })),
    table(record),
    broken.map((one) => signed("p", "fault", brokenLine(one))),
    broken.length ? h("p", {}, say("check-broken")) : null,
    draft.photo ? notice("check-photo", {}, "good") : notice("check-no-photo"),
    h("p", { class: "soft" }, say("check-clock", { time: time(Math.floor(Date.now() / 1000)) })),
    sealButton(draft, record, number),
    way("to-form", `form-${number}`),
  ];
};

// What a stick can carry to a machine with internet: the signed upload, and the very photo that it names.
function download(blob, name, text, id) {
  return h("a", { id, class: "button plain", href: URL.createObjectURL(blob), download: name }, say(text));
}

function savedFile(seal) {
  const file = new Blob([JSON.stringify(seal.upload)], { type: "application/json" });
  return download(file, `${seal.upload.signer}-${seal.sha256.slice(0, 8)}.json`, "save-file", "save-file");
}

function savedPhoto(seal) {
  const place = h("div", {});
  const offer = (blob) => {
    const end = blob.type.slice(blob.type.indexOf("/") + 1).replace("jpeg", "jpg");
    fill(place, [download(blob, `${seal.upload.scan.slice(0, 16)}.${end}`, "save-photo", "save-photo")]);
  };
  if (seal.upload.scan) {
    dabyl.photos.find(seal.upload.scan).then((blob) => blob && offer(blob));
  }
  return place;
}

function earlier(seals) {
  return seals.length ? [h("h2", {}, say("earlier")), h("ul", {}, seals.map((seal) => h("li", {}, time(seal.at), h("p", { class: "sealed small" }, seal.text))))] : [];
}

dabyl.screens.sealed = (number) => {
  const seals = dabyl.store.sheet(number).seals;
  const seal = seals[seals.length - 1];
  if (!seal) {
    return dabyl.screens.form(number);
  }
  return [
    heading("sealed-title", { sheet: dabyl.sheetName(number) }, 0),
    h("p", {}, say("sealed-what", { time: time(seal.at) })),
    panel(seal.text),
    dabyl.uploading(seal),
    savedFile(seal),
    savedPhoto(seal),
    h("p", { class: "soft" }, say("sealed-hash"), " ", h("span", { id: "sheet-hash", class: "hash", translate: "no" }, seal.sha256)),
    earlier(seals.slice(0, -1)),
    way("to-home", "home", "main"),
    way("correct", `form-${number}`),
  ];
};
