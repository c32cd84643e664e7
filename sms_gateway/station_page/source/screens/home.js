// The station's own screen: its sheets and what became of them, its words, and the way to erase it all.

const { h, button, way } = dabyl.dom;
const { say, named, time } = dabyl.words;
const { heading, notice } = dabyl.parts;

const PLAIN_SHEETS = [1, 2, 3, 4, 5];

function numbers() {
  return facts.election ? facts.election.sheets.map((one) => one.sheet) : PLAIN_SHEETS;
}

dabyl.sheetName = (number) => {
  const listed = facts.election && facts.election.sheets.find((one) => one.sheet === number);
  const bare = say("sheet", { number });
  return listed ? `${bare}: ${named(listed)}` : bare;
};

// Whether anything was typed or taken; to look at a form is not to begin it.
function isBegun(draft) {
  const typed = Object.keys(draft.counts).map((name) => draft.counts[name]);
  return typed.concat(draft.choices.map((row) => row[1])).some((one) => one !== "") || draft.photo !== null;
}

// Where a sheet stands: nothing, begun, sealed, in the ledger.
function standing(draft) {
  if (!draft || !(isBegun(draft) || draft.seals.length)) {
    return say("stands-empty");
  }
  const last = draft.seals[draft.seals.length - 1];
  if (!last) {
    return say("stands-begun");
  }
  const values = { time: time(last.at), entry: last.entry };
  return say(dabyl.sending.isIn(last) ? "stands-in" : "stands-sealed", values);
}

function row(number) {
  const draft = dabyl.store.state().sheets[number];
  const screen = (draft && draft.seals.length ? "sealed-" : "form-") + number;
  const link = h("a", { href: "#" + screen, class: "row" }, h("strong", {}, dabyl.sheetName(number)), h("span", {}, standing(draft)));
  return h("li", {}, link);
}

function keyLine() {
  if (dabyl.store.seed() === null) {
    return [notice("key-away"), way("card-again", "card")];
  }
  const forget = () => {
    dabyl.store.dropKey();
    dabyl.main.draw();
  };
  return [notice(dabyl.store.state().keep ? "key-kept" : "key-here", {}, "good"), button("key-forget", forget)];
}

dabyl.screens.home = () => {
  const station = dabyl.store.state().station;
  const region = facts.regions[station.slice(0, 5)];
  return [
    heading("home-title", { station }, 2),
    region ? h("p", { class: "soft" }, named(region)) : null,
    h("ul", { class: "rows" }, numbers().map(row)),
    way("status-way", "status"),
    h("section", { class: "apart" }, keyLine()),
  ];
};

// What would be lost: sheets that were begun, and those that no collector has.
function lost() {
  const drafts = Object.keys(dabyl.store.state().sheets).map((number) => dabyl.store.state().sheets[number]);
  const waiting = drafts.filter((draft) => draft.seals.some((seal) => !dabyl.sending.isIn(seal)));
  const begun = drafts.filter((draft) => isBegun(draft) || draft.seals.length);
  return { sheets: begun.length, waiting: waiting.length };
}

dabyl.screens.erase = () => {
  const erase = async () => {
    await dabyl.store.erase();
    dabyl.main.go("erased");
  };
  return [
    heading("erase-title", {}, 0),
    h("p", {}, say("erase-what", lost())),
    notice("erase-photo"),
    button("erase-do", erase, "danger"),
    way("erase-not", dabyl.store.state().station ? "home" : "language", "main"),
  ];
};

dabyl.screens.erased = () => [
  heading("erased-title", {}, 0),
  notice("erased-what", {}, "good"),
  way("begin", "language"),
];
