// What the phone keeps, so that a closed tab loses nothing. The key stays in the tab (sessionStorage, which lives
// through a visit to the camera or to the texts), and in the phone only where the person asked for that.

const OURS = "dabyl.station";
const KEY = OURS + ".key";
// A page of another election finds nothing of this one's sheets.
const STATE = OURS + ":" + (facts.election ? facts.election.id : "");

function fresh() {
  return { v: 1, language: null, station: null, keep: false, gateway: null, wanted: false, sheets: {}, said: [] };
}

let state = fresh();
let seed = null;
let kept = true;

// Storage can be missing: a page opened out of another app's folder may keep nothing.
function tried(action) {
  try {
    return action();
  } catch (error) {
    kept = false;
    return null;
  }
}

function parsed(text) {
  try {
    return JSON.parse(text) || {};
  } catch (error) {
    return {}; // written by something else: a page that opens is worth more than what it cannot read
  }
}

function load() {
  state = Object.assign(fresh(), parsed(tried(() => localStorage.getItem(STATE))));
  const key = tried(() => sessionStorage.getItem(KEY) || localStorage.getItem(KEY));
  seed = key ? dabyl.bytes.fromBase64url(key) : null;
}

function save() {
  tried(() => localStorage.setItem(STATE, JSON.stringify(state)));
}

function takeKey(station, newSeed, keep) {
  seed = newSeed;
  state.station = station;
  state.keep = keep;
  const text = dabyl.bytes.base64url(newSeed);
  tried(() => sessionStorage.setItem(KEY, text));
  tried(() => (keep ? localStorage.setItem(KEY, text) : localStorage.removeItem(KEY)));
  save();
}

// The key alone goes; what was filled in stays.
function dropKey() {
  seed = null;
  state.keep = false;
  tried(() => sessionStorage.removeItem(KEY));
  tried(() => localStorage.removeItem(KEY));
  save();
}

// The election's name is typed once: another sheet of the station is of the same day.
function electionName() {
  const first = Object.keys(state.sheets)[0];
  return facts.election ? facts.election.id : first ? state.sheets[first].election : "";
}

function emptySheet() {
  return { election: electionName(), counts: {}, choices: [], photo: null, seals: [] };
}

// The draft of a sheet, made when it is first asked for; a known ballot brings its choices.
function sheet(number) {
  if (!state.sheets[number]) {
    const made = emptySheet();
    const listed = facts.election && facts.election.sheets.find((one) => one.sheet === number);
    made.choices = listed ? listed.choices.map((choice) => [choice, ""]) : [];
    state.sheets[number] = made;
  }
  return state.sheets[number];
}

// Of all elections that this phone has seen.
async function erase() {
  seed = null;
  state = fresh();
  tried(() => sessionStorage.clear());
  const ours = tried(() => Object.keys(localStorage).filter((name) => name.indexOf(OURS) === 0)) || [];
  ours.forEach((name) => tried(() => localStorage.removeItem(name)));
  await dabyl.photos.clear();
}

// Another tab of this page wrote: what it knows is newer; and what it erased is erased here.
window.addEventListener("storage", (event) => {
  if (event.key === STATE) {
    if (event.newValue === null) {
      tried(() => sessionStorage.clear());
    }
    load();
    dabyl.main.draw();
  }
});

dabyl.store = {
  load, save, takeKey, dropKey, sheet, erase,
  state: () => state, seed: () => seed, kept: () => kept,
};
