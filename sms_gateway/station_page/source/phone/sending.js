// Ways out of the phone: the phone's own texts, its clipboard, and, where a collector is known, an upload.

// A photo by a slow line takes as long as the collector waits for it.
const SHEET_MS = 60000;
const SCAN_MS = 180000;
// Of the refusals, these are of the moment: too slow, too many.
const LATER = [408, 429];

// iOS takes the text after "&", all others after "?" (RFC 5724).
function smsLink(number, text) {
  const apple = /iPhone|iPad|iPod/.test(navigator.userAgent);
  return "sms:" + number.replace(/[^+0-9]/g, "") + (apple ? "&" : "?") + "body=" + encodeURIComponent(text);
}

// Whether the text is on the clipboard now. Older phones know only the second way.
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch (error) {
    return copyByHand(text);
  }
}

function copyByHand(text) {
  const area = dabyl.dom.h("textarea", { value: text, readonly: "" });
  document.body.appendChild(area);
  area.select();
  try {
    return document.execCommand("copy");
  } finally {
    document.body.removeChild(area);
  }
}

// { status, body }: status 0 when nothing answered.
function ask(method, path, body, timeout) {
  return new Promise((resolve) => {
    const asked = new XMLHttpRequest();
    asked.open(method, facts.collector + path);
    asked.timeout = timeout;
    asked.setRequestHeader("Content-Type", body.type);
    asked.onload = () => resolve({ status: asked.status, body: asked.responseText });
    asked.onerror = asked.ontimeout = asked.onabort = () => resolve({ status: 0, body: "" });
    asked.send(body);
  });
}

// What an answer that is no success means: "away" is tried again, "refused" is not.
function why(answer) {
  const later = answer.status === 0 || answer.status >= 500 || LATER.indexOf(answer.status) >= 0;
  return later ? "away" : "refused";
}

function entryOf(answer) {
  try {
    const entry = JSON.parse(answer.body).entry;
    return Number.isInteger(entry) ? entry : null;
  } catch (error) {
    return null;
  }
}

async function sendSheet(seal) {
  const body = new Blob([JSON.stringify(seal.upload)], { type: "application/json" });
  const answer = await ask("POST", "/v1/sheets", body, SHEET_MS);
  const entry = answer.status === 200 ? entryOf(answer) : null;
  if (entry === null) {
    return why(answer);
  }
  seal.entry = entry;
  return "in";
}

async function sendScan(seal) {
  const file = await dabyl.photos.find(seal.upload.scan);
  if (file === null) {
    return "lost";
  }
  const answer = await ask("PUT", "/v1/scans/" + seal.upload.scan, file, SCAN_MS);
  seal.scanIn = answer.status === 200;
  return seal.scanIn ? "in" : why(answer);
}

// One upload of a seal at a time: a second one beside it would take half of a slow line, and a third ...
const running = Object.create(null);

// Sends what the collector does not have yet: "in", "away" (no answer, tried again later), "refused", or "lost".
function upload(seal) {
  if (!running[seal.text]) {
    running[seal.text] = sent(seal);
  }
  return running[seal.text];
}

async function sent(seal) {
  try {
    return await sendAll(seal);
  } finally {
    delete running[seal.text];
  }
}

async function sendAll(seal) {
  let told = seal.entry === null ? await sendSheet(seal) : "in";
  if (told === "in" && seal.upload.scan && !seal.scanIn) {
    told = await sendScan(seal);
  }
  seal.told = told;
  dabyl.store.save();
  return told;
}

function isIn(seal) {
  return seal.entry !== null && (!seal.upload.scan || seal.scanIn);
}

dabyl.sending = { smsLink, copy, upload, isIn };
