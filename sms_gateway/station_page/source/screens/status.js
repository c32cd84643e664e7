// A word of the station, sealed: opened, closed, turnout, ...

const { h, fill, button, way, field, live } = dabyl.dom;
const { say, time } = dabyl.words;
const { heading, notice, panel } = dabyl.parts;

const MOST_VOTED = 9999;

function wordName(word) {
  return say("word-" + (word.value ? word.kind + "-" + word.value : word.kind));
}

function select(id, label, rows, onchange) {
  const options = rows.map((row) => h("option", { value: row[0] }, row[1]));
  return h("div", { class: "field" }, h("label", { for: id }, label), h("select", { id, onchange: onchange || (() => {}) }, options));
}

function turnout() {
  const count = dabyl.sheet.count(document.getElementById("voted").value);
  const hour = Number(document.getElementById("hour").value);
  return count === null || !(count <= MOST_VOTED) ? null : { hour, count };
}

function seal(word, told) {
  const counts = word.kind === "turnout" ? turnout() : null;
  if (word.kind === "turnout" && counts === null) {
    fill(told, [notice("fault-voted", {}, "fault")]);
    return;
  }
  const at = Math.floor(Date.now() / 1000);
  const state = dabyl.store.state();
  const text = dabyl.seal.sealStatus(dabyl.store.seed(), state.station, word.number, at, counts);
  state.said.push({ text, at, number: word.number, counts });
  dabyl.store.save();
  dabyl.main.go(`said-${state.said.length}`);
}

function earlier() {
  const said = dabyl.store.state().said;
  const row = (one, place) => {
    const word = facts.words.find((known) => known.number === one.number);
    return h("li", {}, h("a", { href: `#said-${place + 1}` }, `${time(one.at)} · ${wordName(word)}`));
  };
  return said.length ? [h("h2", {}, say("said-earlier")), h("ul", {}, said.map(row))] : [];
}

dabyl.screens.status = () => {
  if (dabyl.store.seed() === null) {
    return [heading("status-title", {}, 0), notice("key-away"), way("card-again", "card", "main"), earlier()];
  }
  const told = live("status-told");
  const chosen = () => facts.words[Number(document.getElementById("word").value)];
  const hours = [["0", say("hour-none")]].concat(facts.marks.map((hour) => [String(Number(hour)), `${hour}:00`]));
  const voted = h(
    "div",
    { id: "turnout", hidden: true },
    select("hour", say("hour"), hours),
    field("voted", say("voted"), { inputmode: "numeric", maxlength: "5", class: "number" }),
  );
  const change = () => {
    voted.hidden = chosen().kind !== "turnout";
  };
  return [
    heading("status-title", {}, 0),
    h("p", {}, say("status-what")),
    select("word", say("word"), facts.words.map((word, place) => [String(place), wordName(word)]), change),
    voted,
    button("seal-do", () => seal(chosen(), told), "main"),
    told,
    earlier(),
    way("to-home", "home"),
  ];
};

dabyl.screens.said = (place) => {
  const one = dabyl.store.state().said[place - 1];
  if (!one) {
    return dabyl.screens.status();
  }
  const word = facts.words.find((known) => known.number === one.number);
  return [
    heading("said-title", { word: wordName(word) }, 0),
    h("p", {}, say("sealed-what", { time: time(one.at) })),
    panel(one.text),
    way("to-home", "home", "main"),
  ];
};
