// The upload of a sealed sheet: asked for once, then tried again whenever the phone has internet.

const { h, fill, live } = dabyl.dom;
const { say } = dabyl.words;
const { notice } = dabyl.parts;

const AGAIN_MS = 60000;

function told(seal) {
  if (dabyl.sending.isIn(seal)) {
    return notice("upload-in", { entry: seal.entry }, "good");
  }
  return seal.told ? notice("upload-" + seal.told, {}, seal.told === "away" ? "hint" : "fault") : null;
}

dabyl.uploading = (seal) => {
  if (facts.collector === "") {
    return [];
  }
  const place = live("upload-told");
  fill(place, [told(seal)]);
  const send = async () => {
    dabyl.store.state().wanted = true;
    fill(place, [say("uploading")]);
    await dabyl.sending.upload(seal);
    fill(place, [told(seal)]);
  };
  const ask = dabyl.sending.isIn(seal) ? null : h("button", { type: "button", class: "plain", id: "upload", onclick: send }, say("upload"));
  return [h("h2", {}, say("upload-title")), h("p", {}, say("upload-what")), ask, place];
};

// All seals that wait, one after another; a refused one waits for its person.
async function again() {
  const state = dabyl.store.state();
  if (!state.wanted || facts.collector === "" || navigator.onLine === false) {
    return;
  }
  for (const number of Object.keys(state.sheets)) {
    for (const seal of state.sheets[number].seals) {
      if (!dabyl.sending.isIn(seal) && (seal.told === null || seal.told === "away")) {
        await dabyl.sending.upload(seal);
      }
    }
  }
}

window.addEventListener("online", again);
setInterval(again, AGAIN_MS);
