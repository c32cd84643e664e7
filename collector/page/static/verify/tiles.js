// A log as static files (c2sp.org/tlog-tiles). `get(path)` promises the bytes of a file below the log's address.
dabyl.WIDTH = 256;

dabyl.tilePath = function (level, index, width) {
  const digits = String(index).padStart(Math.ceil(String(index).length / 3) * 3, "0");
  const parts = digits.match(/.{3}/g);
  const where = parts.map((part, at) => (at < parts.length - 1 ? `x${part}` : part)).join("/");
  return `tile/${level}/${where}` + (width < dabyl.WIDTH ? `.p/${width}` : "");
};

dabyl.hashesOf = function (raw, width, path) {
  if (raw.length !== width * 32) throw new dabyl.Fault("tile-bad", { path });
  return Array.from({ length: width }, (_, at) => raw.subarray(at * 32, at * 32 + 32));
};

dabyl.entriesOf = function (raw, width, path) {
  const found = [];
  let at = 0;
  while (at + 2 <= raw.length && found.length < width) {
    const end = at + 2 + raw[at] * 256 + raw[at + 1];
    found.push(raw.subarray(at + 2, end));
    at = end;
  }
  if (found.length !== width || at !== raw.length) throw new dabyl.Fault("tile-bad", { path });
  return found;
};

dabyl.tileRoot = function (hashes) {
  let level = hashes;
  while (level.length > 1) {
    level = level.filter((_, at) => !dabyl.isOdd(at)).map((one, at) => dabyl.nodeHash(one, level[at * 2 + 1]));
  }
  return level[0];
};

// The files of a log at one size; each is fetched once.
dabyl.Tiles = class {
  constructor(get, size) {
    this.get = get;
    this.size = size;
    this.kept = new Map();
    this.inner = new Map();
    this.nodes = (level, index) => this.node(level, index);
  }

  fetched(level, index, read) {
    const whole = Math.floor(this.size / dabyl.WIDTH ** (level === "entries" ? 0 : level));
    const width = Math.min(dabyl.WIDTH, whole - index * dabyl.WIDTH);
    const path = dabyl.tilePath(level, index, width);
    if (!this.kept.has(path)) this.kept.set(path, this.get(path).then((raw) => read(raw, width, path)));
    return this.kept.get(path);
  }

  tile(level, index) { return this.fetched(level, index, dabyl.hashesOf); }

  async entry(index) {
    const bundle = await this.fetched("entries", Math.floor(index / dabyl.WIDTH), dabyl.entriesOf);
    return bundle[index % dabyl.WIDTH];
  }

  async node(level, index) {
    if (level % 8 === 0) return (await this.tile(level / 8, Math.floor(index / 256)))[index % 256];
    const name = `${level}/${index}`;
    if (!this.inner.has(name)) {
      const both = await Promise.all([this.node(level - 1, index * 2), this.node(level - 1, index * 2 + 1)]);
      this.inner.set(name, dabyl.nodeHash(both[0], both[1]));
    }
    return this.inner.get(name);
  }

  // The path of the tile above `index` whose hash is not that of the full tile below it; "" when all fit.
  async falseTile(index) {
    for (let level = 0, width = dabyl.WIDTH; (Math.floor(index / width) + 1) * width <= this.size; level += 1) {
      const at = Math.floor(index / width);
      const below = dabyl.tileRoot(await this.tile(level, at));
      const above = (await this.tile(level + 1, Math.floor(at / dabyl.WIDTH)))[at % dabyl.WIDTH];
      if (!dabyl.same(below, above)) return dabyl.tilePath(level, at, dabyl.WIDTH);
      width *= dabyl.WIDTH;
    }
    return "";
  }
};
