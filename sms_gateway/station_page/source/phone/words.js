// The page's texts: facts.texts[language][name], with {values} put in.

let language = "kk";

function use(wanted) {
  language = facts.languages.indexOf(wanted) < 0 ? facts.languages[0] : wanted;
  document.documentElement.lang = language;
}

function say(name, values) {
  const text = facts.texts[language][name];
  if (text === undefined) {
    throw new Error("no text: " + name);
  }
  return text.replace(/\{([a-z]+)\}/g, (_, key) => String(values[key]));
}

// What is written in three languages in the facts: a field, a region, a sheet's name.
function named(labels) {
  return labels[language];
}

// 2494 as 2 494, with a space that does not break.
function grouped(number) {
  return String(number).replace(/\B(?=([0-9]{3})+$)/g, "\u00a0");
}

function two(number) {
  return String(number).padStart(2, "0");
}

// Unix seconds as the phone's own clock shows them.
function time(at) {
  const moment = new Date(at * 1000);
  const day = `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
  return `${day} ${two(moment.getHours())}:${two(moment.getMinutes())}`;
}

dabyl.words = { use, say, named, grouped, time, language: () => language };
