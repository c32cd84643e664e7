// A text as a QR: one path, dark on white with four modules of margin, so that every reader finds it, at night too.

const MARGIN = 4;

function path(code, size) {
  let drawn = "";
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      drawn += code.isDark(row, column) ? `M${column + MARGIN} ${row + MARGIN}h1v1h-1z` : "";
    }
  }
  return drawn;
}

function picture(text, label) {
  const code = qrcode(0, "M");
  code.addData(text, "Byte");
  code.make();
  const size = code.getModuleCount();
  const whole = size + 2 * MARGIN;
  const svg = dabyl.dom.svg("svg", { viewBox: `0 0 ${whole} ${whole}`, class: "qr", role: "img", "aria-label": label });
  svg.appendChild(dabyl.dom.svg("rect", { width: whole, height: whole, fill: "#ffffff" }));
  svg.appendChild(dabyl.dom.svg("path", { d: path(code, size), fill: "#000000", "shape-rendering": "crispEdges" }));
  return svg;
}

dabyl.qr = { picture };
