// Ways out of the phone: the phone's own texts, its clipboard, and, where a collector is known, an upload.

const TIMEOUT_MS = 60000;

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
function ask(method, path, type, body) {
  return new Promise((resolve) => {
    const asked = new XMLHttpRequest();
    asked.open(method, facts.collector + path);
    asked.timeout = TIMEOUT_MS;
    asked.setRequestHeader("Content-Type", type);
    asked.onload = () => resolve({ status: asked.status, body: asked.responseText });
    asked.onerror = asked.ontimeout = asked.onabort = () => resolve({ status: 0, body: "" });
    asked.send(body);
  });
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
  const answer = await ask("POST", "/v1/sheets", "application/json", JSON.stringify(seal.upload));
  const entry = answer.status === 200 ? entryOf(answer) : null;
  if (entry === null) {
    return answer.status === 0 ? "away" : "refused";
  }
  seal.entry = entry;
  return "in";
}

async function sendScan(seal) {
  const file = await dabyl.photos.find(seal.upload.scan);
  if (file === null) {
    return "lost";
  }
  const answer = await ask("PUT", "/v1/scans/" + seal.upload.scan, file.type, file);
  seal.scanIn = answer.status === 200 || answer.status === 201 || answer.status === 204;
  return seal.scanIn ? "in" : answer.status === 0 ? "away" : "refused";
}

// Sends what the collector does not have yet: "in", "away" (no answer, tried again later), "refused", or "lost".
async function upload(seal) {
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
