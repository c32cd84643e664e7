// A photo without what it tells about its maker: place, phone, time, names, the film behind a "live" photo.
// The picture itself stays bit for bit; of the notes only which side is up (JPEG), and the colours' profile.

const JPEG = { start: [0xff, 0xd8, 0xff], type: "image/jpeg" };
const PNG = { start: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], type: "image/png" };
const PDF = { start: [0x25, 0x50, 0x44, 0x46, 0x2d], type: "application/pdf" };
const PNG_KEPT = ["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "pHYs"];
const ORIENTATION = 0x0112;

// The media type by the first bytes, as wire/uploads.py tells it; null for what is none of the three.
function type(bytes) {
  const found = [JPEG, PNG, PDF].find((kind) => kind.start.every((byte, place) => bytes[place] === byte));
  return found ? found.type : null;
}

// Application notes go, but for JFIF (E0), the colours' profile (E2) and how colours are coded (EE); so do comments.
function isNote(marker) {
  return (marker >= 0xe1 && marker <= 0xef && marker !== 0xe2 && marker !== 0xee) || marker === 0xfe;
}

// An E2 that is no colour profile points at further pictures behind this one.
function isProfile(segment) {
  return String.fromCharCode.apply(null, segment.subarray(4, 15)) === "ICC_PROFILE";
}

// Which side is up, 1 to 8, out of an EXIF segment (its 4 bytes of marker and length included); 1 when it does not say.
function orientation(segment) {
  const view = new DataView(segment.buffer, segment.byteOffset, segment.length);
  if (segment.length < 24 || view.getUint32(4) !== 0x45786966) {
    return 1;
  }
  const tiff = 10;
  const little = view.getUint16(tiff) === 0x4949;
  const first = tiff + view.getUint32(tiff + 4, little);
  const rows = first + 2 <= segment.length ? view.getUint16(first, little) : 0;
  for (let row = first + 2; row < first + 2 + rows * 12 && row + 10 <= segment.length; row += 12) {
    if (view.getUint16(row, little) === ORIENTATION) {
      const side = view.getUint16(row + 8, little);
      return side >= 1 && side <= 8 ? side : 1;
    }
  }
  return 1;
}

// An EXIF segment that says which side is up and nothing else (TIFF 6.0, one row).
function exif(side) {
  const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, side, 0, 0, 0, 0, 0, 0];
  return Uint8Array.from([0xff, 0xe1, 0, 8 + tiff.length, 0x45, 0x78, 0x69, 0x66, 0, 0].concat(tiff));
}

// Where the coded picture that begins at `place` ends: at the next marker that is not part of it (T.81, B.1.1.2).
function afterCoded(bytes, place) {
  let at = place;
  while (at + 1 < bytes.length) {
    const next = bytes[at + 1];
    if (bytes[at] === 0xff && next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) {
      return at;
    }
    at += 1;
  }
  return -1;
}

// What stays of one segment; the first note of an EXIF becomes which side is up.
function keptOf(marker, segment) {
  if (marker === 0xe1) {
    const side = orientation(segment);
    return side === 1 ? null : exif(side);
  }
  return isNote(marker) || (marker === 0xe2 && !isProfile(segment)) ? null : segment;
}

function cleanJpeg(bytes) {
  const kept = [bytes.subarray(0, 2)];
  let place = 2;
  while (place >= 0 && place + 4 <= bytes.length && bytes[place] === 0xff && bytes[place + 1] !== 0xd9) {
    const marker = bytes[place + 1];
    if (marker === 0xff) {
      place += 1; // any number of these may fill the space before a marker (T.81, B.1.1.2)
      continue;
    }
    const end = place + 2 + bytes[place + 2] * 256 + bytes[place + 3];
    if (end > bytes.length) {
      return null;
    }
    const segment = keptOf(marker, bytes.subarray(place, end));
    place = marker === 0xda ? afterCoded(bytes, end) : end;
    if (segment !== null) {
      kept.push(segment);
    }
    if (marker === 0xda && place > 0) {
      kept.push(bytes.subarray(end, place));
    }
  }
  // Whatever stands behind the end of the picture is not the picture.
  const whole = place >= 0 && bytes[place] === 0xff && bytes[place + 1] === 0xd9;
  return whole ? dabyl.bytes.joined(kept.concat([Uint8Array.of(0xff, 0xd9)])) : null;
}

function cleanPng(bytes) {
  const kept = [bytes.subarray(0, 8)];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let place = 8; place + 12 <= bytes.length; ) {
    const end = place + 12 + view.getUint32(place);
    const name = String.fromCharCode.apply(null, bytes.subarray(place + 4, place + 8));
    if (end > bytes.length) {
      return null;
    }
    if (PNG_KEPT.indexOf(name) >= 0) {
      kept.push(bytes.subarray(place, end));
    }
    if (name === "IEND") {
      return dabyl.bytes.joined(kept);
    }
    place = end;
  }
  return null;
}

// The same picture without its notes; a PDF as it is; null for what is none of the three, or broken.
function clean(bytes) {
  const found = type(bytes);
  if (found === PDF.type) {
    return bytes;
  }
  return found === JPEG.type ? cleanJpeg(bytes) : found === PNG.type ? cleanPng(bytes) : null;
}

dabyl.photo = { type, clean };
