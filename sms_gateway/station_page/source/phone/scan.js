// A QR out of a photo, or out of the camera: by the phone's own reader where it has one, else by jsQR.

const SIDES = [900, 1500, 600, 2200];
const EVERY_MS = 200;

// A picture on a canvas, its longer side at most so long.
function canvas(source, width, height, side) {
  const scale = Math.min(1, side / Math.max(width, height));
  const sheet = document.createElement("canvas");
  sheet.width = Math.max(1, Math.round(width * scale));
  sheet.height = Math.max(1, Math.round(height * scale));
  sheet.getContext("2d").drawImage(source, 0, 0, sheet.width, sheet.height);
  return sheet;
}

function drawn(source, width, height, side) {
  const sheet = canvas(source, width, height, side);
  return sheet.getContext("2d").getImageData(0, 0, sheet.width, sheet.height);
}

function byJsqr(source, width, height, sides) {
  for (const side of sides) {
    const pixels = drawn(source, width, height, side);
    const found = jsQR(pixels.data, pixels.width, pixels.height);
    if (found) {
      return found.data;
    }
  }
  return null;
}

async function byPhone(source) {
  if (!window.BarcodeDetector) {
    return null;
  }
  try {
    const found = await new window.BarcodeDetector({ formats: ["qr_code"] }).detect(source);
    return found.length ? found[0].rawValue : null;
  } catch (error) {
    return null; // some phones have the name but not the reader behind it
  }
}

function image(file) {
  return new Promise((resolve, reject) => {
    const address = URL.createObjectURL(file);
    const picture = new Image();
    picture.onload = () => resolve(picture);
    picture.onerror = () => reject(new Error("no picture"));
    picture.src = address;
  });
}

// The text of the QR in a photo, or null.
async function photo(file) {
  let picture = null;
  try {
    picture = await image(file);
  } catch (error) {
    return null;
  }
  try {
    return (await byPhone(picture)) || byJsqr(picture, picture.naturalWidth, picture.naturalHeight, SIDES);
  } finally {
    URL.revokeObjectURL(picture.src);
  }
}

function hasCamera() {
  return Boolean(navigator.mediaDevices && navigator.mediaDevices.getUserMedia);
}

// Looks through the camera until `found` takes a text (gives true). Gives a function that ends it.
async function camera(video, found) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  let over = false;
  function end() {
    over = true;
    stream.getTracks().forEach((track) => track.stop());
  }
  async function look() {
    if (over || !document.body.contains(video)) {
      end();
      return;
    }
    if (video.videoWidth) {
      const sides = [Math.min(SIDES[0], video.videoWidth)];
      const text = (await byPhone(video)) || byJsqr(video, video.videoWidth, video.videoHeight, sides);
      if (text && found(text)) {
        end();
        return;
      }
    }
    setTimeout(look, EVERY_MS);
  }
  video.srcObject = stream;
  await video.play();
  look();
  return end;
}

dabyl.scan = { image, canvas, photo, hasCamera, camera };
