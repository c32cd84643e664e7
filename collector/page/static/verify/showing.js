// The page's own part: what the visitor presses and reads. It works on `.copy` sections; see the template.
dabyl.SEEN = "dabyl-seen:"; // + the verifier key: the newest checkpoint that held here
dabyl.USUAL = "dabyl-key"; // the key with which it held

dabyl.fetched = async function (path) {
  const answer = await fetch(`/ledger/${path}`, { cache: "no-cache" }).catch(() => null);
  if (!answer || !answer.ok) throw new dabyl.Unreachable(path);
  return new Uint8Array(await answer.arrayBuffer());
};

dabyl.kept = function (name) {
  try {
    return localStorage.getItem(name) || "";
  } catch (error) {
    return ""; // storage is forbidden: then nothing was seen before
  }
};

dabyl.keep = function (name, value) {
  try {
    localStorage.setItem(name, value);
  } catch (error) {
    // full or forbidden: the next check is a first one again
  }
};

dabyl.copyOf = function (section) {
  const cells = Array.from(document.querySelectorAll(`[data-of="${section.dataset.entry}"]`));
  return {
    text: section.querySelector(".published").textContent,
    sha256: section.dataset.sha256,
    entry: Number(section.dataset.entry),
    claims: section.dataset.claims.split(" ").filter(Boolean).map(Number),
    scans: section.dataset.scans.split(" ").filter(Boolean).map((one) => {
      const [entry, sha256] = one.split(":");
      return { entry: Number(entry), sha256 };
    }),
    station: section.dataset.station,
    sheet: section.dataset.sheet,
    shown: cells.map((cell) => [cell.dataset.name, cell.textContent.replace(/\s/g, "")]),
  };
};

dabyl.logOf = function (form) {
  const field = form.querySelector("[name=key]");
  const key = dabyl.readKey(field.value);
  const usual = field.value === field.defaultValue ? dabyl.kept(dabyl.USUAL) : ""; // typed: the reader chose it
  const pasted = form.querySelector("[name=checkpoint]").value;
  const seen = pasted.trim() ? `${pasted.trim()}\n` : dabyl.kept(dabyl.SEEN + key.line);
  const lines = form.querySelector("[name=witnesses]").value.split("\n").filter((line) => line.trim());
  const witnesses = lines.map((line) => dabyl.readKey(line, dabyl.WITNESS));
  return { get: dabyl.fetched, key, witnesses, seen, usual };
};

dabyl.said = function (words, say, values) {
  return Object.entries(values).reduce((text, [name, value]) => text.split(`{${name}}`).join(value), words[say]);
};

dabyl.MARKS = { ok: "ok", fault: "cut", unknown: "unknown" };

dabyl.mark = function (state) {
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  drawn.setAttribute("class", `mark mark-${dabyl.MARKS[state]}`);
  drawn.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#mark-${dabyl.MARKS[state]}`);
  drawn.append(use);
  return drawn;
};

dabyl.line = function (tag, state, ...texts) {
  const line = document.createElement(tag);
  const told = document.createElement("span");
  const [strong, rest] = texts;
  const head = document.createElement("strong");
  head.textContent = strong;
  told.append(head, rest ? ` ${rest}` : "");
  line.className = `checked checked-${state}`;
  line.append(dabyl.mark(state), told);
  return line;
};

dabyl.show = async function (section, log, words) {
  const place = section.querySelector(".proof");
  const list = document.createElement("ol");
  place.textContent = "";
  place.append(list);
  const tell = (row) => {
    const told = dabyl.said(words, row.say, row.values);
    list.append(dabyl.line("li", row.state, words[`step-${row.step}`], told));
  };
  const found = await dabyl.check(dabyl.copyOf(section), log, tell);
  const isWhole = found.rows.every((row) => row.state === "ok" || row.step === "claim");
  const state = found.holds ? (isWhole ? "ok" : "unknown") : "fault";
  place.prepend(dabyl.line("p", state, words[`whole-${state}`]));
  section.dataset.checked = state;
  return found;
};

dabyl.verify = async function (form, words) {
  const sections = Array.from(document.querySelectorAll(".copy[data-sha256]"));
  const said = form.querySelector(".said");
  said.textContent = words["verify-working"];
  try {
    const log = dabyl.logOf(form);
    const found = [];
    for (const section of sections) found.push(await dabyl.show(section, log, words));
    const newest = found.map((one) => one.head).filter(Boolean).pop();
    if (newest && found.every((one) => one.head)) {
      dabyl.keep(dabyl.SEEN + log.key.line, newest.whole);
      dabyl.keep(dabyl.USUAL, log.key.line);
    }
    const states = sections.map((section) => section.dataset.checked);
    said.textContent = words[`all-${["fault", "unknown"].find((one) => states.includes(one)) || "ok"}`];
  } catch (error) {
    said.textContent = dabyl.said(words, error.say || "not-readable", error.values || {});
  }
};

// A file that the visitor has, from the station's wall or a friend: it never leaves the browser.
dabyl.compareFile = function (file, words) {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => {
      const hash = dabyl.hex(dabyl.hash(new Uint8Array(reader.result)));
      const same = Array.from(document.querySelectorAll("[data-hash]")).filter((one) => one.dataset.hash === hash);
      const what = same.map((one) => one.dataset.what).join("; ");
      resolve([same.length > 0, dabyl.said(words, same.length ? "file-same" : "file-other", { what, hash })]);
    };
    reader.readAsArrayBuffer(file);
  });
};

dabyl.showFile = async function (form, words) {
  const place = form.querySelector(".file-said");
  const file = form.querySelector("[name=file]").files[0];
  place.textContent = "";
  if (!file) return;
  const [same, told] = await dabyl.compareFile(file, words);
  place.append(dabyl.line("p", same ? "ok" : "fault", file.name, told));
};

dabyl.start = function () {
  const form = document.querySelector("form.verify");
  if (!form) return;
  const words = JSON.parse(document.getElementById("verify-words").textContent);
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    dabyl.verify(form, words);
  });
  form.querySelector("[name=file]").addEventListener("change", () => dabyl.showFile(form, words));
};

if (typeof document !== "undefined") dabyl.start();
