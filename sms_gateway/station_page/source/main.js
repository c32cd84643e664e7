// The page's frame: which screen the address names (`#form-2`), and drawing it. No screen's name is a secret.

const { h, fill } = dabyl.dom;
const { say } = dabyl.words;

const WITHOUT_STATION = ["language", "card", "erase", "erased"];
const MOST_SHEETS = 9;

function wanted() {
  const parts = /^#([a-z]+)(?:-([0-9]{1,4}))?$/.exec(location.hash);
  const state = dabyl.store.state();
  if (state.language === null && !(parts && parts[1] === "erased")) {
    return ["language", 0];
  }
  const name = parts && Object.keys(dabyl.screens).indexOf(parts[1]) >= 0 ? parts[1] : "home";
  const number = parts && parts[2] ? Number(parts[2]) : 1;
  if (state.station === null && WITHOUT_STATION.indexOf(name) < 0) {
    return ["card", 0];
  }
  return [name, name === "said" ? number : Math.min(MOST_SHEETS, Math.max(1, number))];
}

function languages() {
  const link = (language) => {
    const choose = () => {
      dabyl.chooseLanguage(language);
      draw();
    };
    const current = language === dabyl.words.language();
    return h("button", { type: "button", lang: language, "aria-pressed": String(current), onclick: choose }, language);
  };
  return h("div", { class: "languages", role: "group", "aria-label": "Тіл · Язык · Language" }, facts.languages.map(link));
}

function header() {
  const station = dabyl.store.state().station;
  return [h("span", { class: "brand", translate: "no" }, "Dabyl"), h("span", { class: "station" }, station || ""), languages()];
}

function draw() {
  const state = dabyl.store.state();
  dabyl.words.use(state.language || (navigator.language || "").slice(0, 2));
  const [name, number] = wanted();
  const place = document.getElementById("screen");
  fill(document.getElementById("top"), header());
  fill(place, dabyl.screens[name](number));
  if (!dabyl.store.kept()) {
    place.insertBefore(dabyl.parts.notice("not-kept", {}, "fault"), place.firstChild);
  }
  fill(document.getElementById("foot"), [h("a", { href: "#erase" }, say("erase-way"))]);
  document.title = place.querySelector("h1").textContent + " · Dabyl";
}

function arrive() {
  draw();
  window.scrollTo(0, 0);
  document.querySelector("#screen h1").focus();
}

// To a screen, also when its name stands in the address already.
function go(screen) {
  if (location.hash === "#" + screen) {
    arrive();
  } else {
    location.hash = screen;
  }
}

dabyl.main = { draw, go };
dabyl.store.load();
draw();
window.addEventListener("hashchange", arrive);
if (facts.served && navigator.serviceWorker) {
  navigator.serviceWorker.register("worker.js");
}
