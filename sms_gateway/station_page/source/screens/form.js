// A sheet's form. What is typed is kept at every key; relations are checked at once, flagged, and forbid nothing.

const { h, fill, button, way, field, live } = dabyl.dom;
const { say, named } = dabyl.words;
const { heading, signed, notice, relation, brokenLine } = dabyl.parts;

const MOST_CHOICES = 128;

function item(one) {
  if (one.holds === null) {
    return signed("li", "open", say("relation-open", { relation: relation(one) }));
  }
  return one.holds
    ? signed("li", "good", say("relation-holds", { relation: relation(one) }))
    : signed("li", "fault", brokenLine(one));
}

// The list is silent, its summary is read out: five lines at every key would drown all else.
function check(draft) {
  const found = dabyl.sheet.relations(draft, facts.schema);
  const broken = found.filter((one) => one.holds === false).length;
  fill(document.getElementById("relations"), found.map(item));
  fill(document.getElementById("summary"), broken ? [notice("relations-broken", { broken }, "fault")] : []);
}

function typed(draft, event) {
  event.target.setAttribute("aria-invalid", String(Number.isNaN(dabyl.sheet.count(event.target.value))));
  dabyl.store.save();
  check(draft);
}

const NUMERIC = { inputmode: "numeric", pattern: "[0-9 ]*", maxlength: "10" };

function countField(draft, one) {
  const oninput = (event) => {
    draft.counts[one.name] = event.target.value;
    typed(draft, event);
  };
  const options = Object.assign({ value: draft.counts[one.name] || "", oninput, class: "number" }, NUMERIC);
  return field("count-" + one.name, `${one.key} · ${named(one)}`, options);
}

function choiceRow(draft, place, redraw) {
  const row = draft.choices[place];
  const change = (part) => (event) => {
    row[part] = event.target.value;
    typed(draft, part === 1 ? event : { target: h("i") });
  };
  const remove = () => {
    draft.choices.splice(place, 1);
    dabyl.store.save();
    redraw();
  };
  const votes = Object.assign({ value: row[1], oninput: change(1), class: "number" }, NUMERIC);
  return h(
    "fieldset",
    { class: "choice" },
    h("legend", {}, say("choice", { number: place + 1 })),
    field(`choice-${place}`, say("choice-name"), { value: row[0], oninput: change(0), maxlength: "64" }),
    field(`votes-${place}`, say("choice-votes"), votes),
    button("choice-remove", remove, "small"),
  );
}

function choices(draft) {
  const place = h("div", { id: "choices" });
  const redraw = () => {
    const more = () => {
      draft.choices.push(["", ""]);
      dabyl.store.save();
      redraw();
      document.getElementById(`choice-${draft.choices.length - 1}`).focus();
    };
    const add = draft.choices.length < MOST_CHOICES ? button("choice-add", more) : null;
    fill(place, [draft.choices.map((_, at) => choiceRow(draft, at, redraw)), add]);
    if (document.getElementById("relations")) {
      check(draft);
    }
  };
  redraw();
  return place;
}

function electionField(draft) {
  const oninput = (event) => {
    draft.election = event.target.value;
    dabyl.store.save();
  };
  return facts.election ? null : field("election", say("election"), { value: draft.election, oninput, maxlength: "64" });
}

dabyl.screens.form = (number) => {
  const draft = dabyl.store.sheet(number);
  setTimeout(() => check(draft), 0); // once it stands in the page
  return [
    heading("form-title", { sheet: dabyl.sheetName(number) }, 3),
    draft.seals.length ? notice("form-sealed") : null,
    notice("certainty", { certainty: facts.schema.certainty }),
    h("p", {}, say("form-how")),
    electionField(draft),
    facts.schema.fields.map((one) => countField(draft, one)),
    h("h2", {}, say("votes-title")),
    choices(draft),
    h("h2", {}, say("relations-title")),
    live("summary"),
    h("ul", { id: "relations", class: "relations" }),
    h("p", { class: "soft" }, say("relations-what")),
    way("to-photo", `photo-${number}`, "main"),
    way("to-home", "home"),
  ];
};
