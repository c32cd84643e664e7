// A sheet as it is filled in, its record, and which relations do not hold: named, never mended.
// A draft is { election, counts: {name: typed}, choices: [[name, typed], ...] }: what the person typed, as typed.

const MOST = 10000000;
const NAME_CHARS = 64;
const VOTES = "sum(V)";
const RELATION = /^\s*([^<=>]+?)\s*(<=|=)\s*([^<=>]+?)\s*$/;

// A typed number: null when nothing stands there, NaN when it is none. "1 205" is 1205.
function count(typed) {
  const bare = typed.replace(/\s/g, "");
  if (bare === "") {
    return null;
  }
  return /^[0-9]{1,8}$/.test(bare) && Number(bare) <= MOST ? Number(bare) : NaN;
}

function name(typed) {
  return typed.normalize("NFC").trim().replace(/\s+/g, " ");
}

// Rows of choices in which something was typed.
function filled(draft) {
  return draft.choices.filter((row) => name(row[0]) !== "" || count(row[1]) !== null);
}

// What keeps a draft from being a sheet, as [message, what it is about] of the first; null when nothing does.
function fault(draft, form) {
  const wrong = form.fields.find((field) => Number.isNaN(count(draft.counts[field.name] || "")));
  if (wrong) {
    return ["fault-number", wrong.name];
  }
  if (form.fields.every((field) => count(draft.counts[field.name] || "") === null)) {
    return ["fault-empty", ""];
  }
  return name(draft.election) === "" ? ["fault-election", ""] : choiceFault(filled(draft));
}

function choiceFault(rows) {
  const names = rows.map((row) => name(row[0]));
  const bad = rows.find((row, place) => names[place] === "" || !(count(row[1]) >= 0) || count(row[1]) === null);
  if (bad) {
    return ["fault-choice", name(bad[0])];
  }
  const twice = names.find((one, place) => names.indexOf(one) !== place);
  if (twice !== undefined) {
    return ["fault-twice", twice];
  }
  const long = names.find((one) => Array.from(one).length > NAME_CHARS);
  return long === undefined ? null : ["fault-long", long];
}

// Free keys: a choice may be called "__proto__", and must then be an entry like any other.
function entries(pairs) {
  const found = Object.create(null);
  for (const pair of pairs) {
    found[pair[0]] = pair[1];
  }
  return found;
}

// The record as wire.sheets.Sheet has it; the draft has no fault.
function record(draft, form, station, sheet) {
  const counts = form.fields.map((field) => [field.name, count(draft.counts[field.name] || "")]);
  return {
    v: 1,
    election: name(draft.election),
    station,
    sheet,
    schema: form.id,
    counts: entries(counts.filter((pair) => pair[1] !== null)),
    votes: entries(filled(draft).map((row) => [name(row[0]), count(row[1])])),
  };
}

// Numbers by the letters of the relations, those that are known so far.
function letters(draft, form) {
  const found = entries([]);
  for (const field of form.fields) {
    const number = count(draft.counts[field.name] || "");
    if (number >= 0 && number !== null) {
      found[field.key] = number;
    }
  }
  const votes = filled(draft).map((row) => count(row[1]));
  if (votes.length && votes.every((number) => number !== null && number >= 0)) {
    found[VOTES] = votes.reduce((whole, number) => whole + number, 0);
  }
  return found;
}

function sum(terms, known) {
  const numbers = terms.split("+").map((term) => known[term.trim()]);
  return numbers.some((number) => number === undefined) ? null : numbers.reduce((whole, number) => whole + number, 0);
}

// Every relation with its two sides; `holds` is null while a number is missing.
function relations(draft, form) {
  const known = letters(draft, form);
  return form.relations.map((relation) => {
    const parts = RELATION.exec(relation);
    const left = sum(parts[1], known);
    const right = sum(parts[3], known);
    const told = left !== null && right !== null;
    return { relation, left, right, holds: told ? (parts[2] === "=" ? left === right : left <= right) : null };
  });
}

dabyl.sheet = { count, name, filled, fault, record, relations };
