// What several screens show: a heading with its step, notices, and the panel of a sealed text with its ways out.

const { h, button, field, live } = dabyl.dom;
const { say, grouped } = dabyl.words;

const STEPS = 5;

function heading(name, values, step) {
  const small = step ? h("p", { class: "step" }, say("step", { step, steps: STEPS })) : null;
  // Focus goes here on every new screen, so that a screen reader starts where the eyes do.
  return [small, h("h1", { tabindex: "-1" }, say(name, values))];
}

const SIGNS = { fault: "✗", good: "✓", hint: "!", open: "…" };

// A sign beside the words, so that no state is told by colour alone.
function signed(tag, kind, text) {
  const mark = h("span", { class: "sign", "aria-hidden": "true" }, SIGNS[kind]);
  return h(tag, { class: "notice " + kind }, mark, h("span", {}, text));
}

function notice(name, values, kind) {
  return signed("p", kind || "hint", say(name, values));
}

// A relation with the letters spelled as the form has them.
function relation(one) {
  return one.relation.replace("sum(V)", say("sum-of-votes")).replace("<=", "≤");
}

function brokenLine(one) {
  const values = { relation: relation(one), left: grouped(one.left), right: grouped(one.right) };
  return say("relation-broken", values);
}

function number() {
  const known = dabyl.store.state().gateway;
  return known === null ? facts.gateway : known;
}

function smsWay(text) {
  return h("a", { id: "sms", class: "button main", href: dabyl.sending.smsLink(number(), text) }, say("open-texts"));
}

function numberField(text, way) {
  return field("gateway", say("gateway-number"), {
    value: number(),
    type: "tel",
    oninput: (event) => {
      dabyl.store.state().gateway = event.target.value;
      dabyl.store.save();
      way.href = dabyl.sending.smsLink(number(), text);
    },
  });
}

// The sealed text: to be sent by this phone, copied, or scanned by another phone that has signal.
function panel(text) {
  const way = smsWay(text);
  const told = live("copied");
  const copied = async () => dabyl.dom.fill(told, [say((await dabyl.sending.copy(text)) ? "copied" : "not-copied")]);
  return [
    h("p", { id: "text", class: "sealed", translate: "no" }, text),
    way,
    button("copy", copied),
    told,
    numberField(text, way),
    h("h2", {}, say("qr-title")),
    h("p", {}, say("qr-what")),
    dabyl.qr.picture(text, say("qr-label")),
  ];
}

dabyl.parts = { heading, signed, notice, relation, brokenLine, panel };
dabyl.screens = {};
