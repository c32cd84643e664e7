// The first two screens: the language, and the station's key card.

const { h, button, field, live, fill } = dabyl.dom;
const { say } = dabyl.words;
const { heading, notice } = dabyl.parts;

const NAMES = { kk: "Қазақша", ru: "Русский", en: "English" };

dabyl.chooseLanguage = (language) => {
  dabyl.store.state().language = language;
  dabyl.store.save();
  dabyl.words.use(language);
};

function languageButton(language) {
  const choose = () => {
    dabyl.chooseLanguage(language);
    dabyl.main.go(dabyl.store.state().station ? "home" : "card");
  };
  return h("button", { type: "button", class: "main", lang: language, "data-language": language, onclick: choose }, NAMES[language]);
}

dabyl.screens.language = () => [
  heading("title", {}, 0),
  h("p", {}, say("about")),
  h("div", { class: "stack" }, facts.languages.map(languageButton)),
];

// Takes a card's text; gives whether it is one, and says what is wrong when not.
function take(text, told) {
  const card = dabyl.card.read(text);
  const held = dabyl.store.state().station;
  const fault = card.fault || (held !== null && held !== card.station ? "card-other" : null);
  if (fault) {
    fill(told, [notice(fault, { station: held || "" }, "fault")]);
    return false;
  }
  dabyl.store.takeKey(card.station, card.seed, document.getElementById("keep").checked);
  dabyl.main.go("home");
  return true;
}

async function takePhoto(file, told) {
  fill(told, [say("scanning")]);
  const text = await dabyl.scan.photo(file);
  if (text === null) {
    fill(told, [notice("scan-nothing", {}, "fault")]);
  } else {
    take(text, told);
  }
}

function cameraButton(told) {
  const place = h("div", {});
  const start = async () => {
    const video = h("video", { muted: "", playsinline: "", class: "camera", "aria-label": say("camera") });
    fill(place, [video]);
    try {
      await dabyl.scan.camera(video, (text) => take(text, told));
    } catch (error) {
      fill(place, []);
      fill(told, [notice("camera-none", {}, "hint")]);
    }
  };
  return dabyl.scan.hasCamera() ? [button("camera", start, "main"), place] : [];
}

function keepBox() {
  return h(
    "label",
    { class: "tick" },
    h("input", { type: "checkbox", id: "keep", checked: dabyl.store.state().keep }),
    h("span", {}, say("keep-key")),
  );
}

dabyl.screens.card = () => {
  const told = live("card-told");
  const chosen = (event) => event.target.files.length && takePhoto(event.target.files[0], told);
  const typed = () => take(document.getElementById("typed").value, told);
  return [
    heading("card-title", {}, 1),
    h("p", {}, say("card-what")),
    keepBox(),
    cameraButton(told),
    h("input", { id: "scan", class: "file", type: "file", accept: "image/*", capture: "environment", onchange: chosen }),
    h("label", { class: "button plain", for: "scan" }, say("card-photo")),
    told,
    field("typed", say("card-typed"), { autocapitalize: "off", autocorrect: "off" }),
    h("button", { type: "button", class: "plain", id: "take", onclick: typed }, say("card-take")),
    notice("card-secret"),
  ];
};
