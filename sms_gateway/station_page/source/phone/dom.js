// Pieces of the page. Texts go in as text, never as markup.

const { say } = dabyl.words;

// h("p", { class: "soft" }, "text", node): attributes, `on...` as listeners, properties for what is no attribute.
function h(tag, attributes) {
  const node = document.createElement(tag);
  const given = attributes || {};
  for (const name of Object.keys(given)) {
    set(node, name, given[name]);
  }
  add(node, Array.prototype.slice.call(arguments, 2));
  return node;
}

function set(node, name, value) {
  if (name.slice(0, 2) === "on") {
    node.addEventListener(name.slice(2), value);
  } else if (name === "value" || name === "checked" || name === "hidden" || name === "disabled") {
    node[name] = value;
  } else if (value !== null) {
    node.setAttribute(name, value);
  }
}

function add(node, children) {
  for (const child of children) {
    if (Array.isArray(child)) {
      add(node, child);
    } else if (child !== null && child !== undefined) {
      node.appendChild(typeof child === "string" ? document.createTextNode(child) : child);
    }
  }
}

function fill(node, children) {
  node.textContent = "";
  add(node, children);
}

function svg(tag, attributes) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const name of Object.keys(attributes)) {
    node.setAttribute(name, attributes[name]);
  }
  return node;
}

function button(name, onclick, kind) {
  return h("button", { type: "button", class: kind || "plain", onclick }, say(name));
}

// A way to another screen; a link, so that the phone's back button works.
function way(name, screen, kind) {
  return h("a", { href: "#" + screen, class: "button " + (kind || "plain") }, say(name));
}

// A labelled line to type in. `options`: value, oninput, and what else the input shall have.
function field(id, label, options) {
  const input = h("input", Object.assign({ id, type: "text", autocomplete: "off", spellcheck: "false" }, options));
  return h("div", { class: "field" }, h("label", { for: id }, label), input);
}

// What is told while things change, read out by a screen reader.
function live(id) {
  return h("div", { id, class: "live", role: "status", "aria-live": "polite" });
}

dabyl.dom = { h, fill, svg, button, way, field, live };
