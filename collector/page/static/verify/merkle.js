// The Merkle tree of RFC 6962. `nodes(level, index)` promises the hash of a complete subtree.
dabyl.leafHash = (entry) => dabyl.hash(Uint8Array.of(0), entry);
dabyl.nodeHash = (left, right) => dabyl.hash(Uint8Array.of(1), left, right);
dabyl.EMPTY_ROOT = () => dabyl.hash(new Uint8Array(0));

dabyl.isOdd = (number) => number % 2 === 1; // `&` would cut numbers to 32 bits

dabyl.powerBelow = function (size) {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
};

// The root over the leaves from `start` to before `end`; `start` is where a subtree begins.
dabyl.rangeRoot = async function (nodes, start, end) {
  if (start >= end) return dabyl.EMPTY_ROOT();
  const found = [];
  while (start < end) {
    let level = 0;
    let width = 1;
    while (width * 2 <= end - start) { width *= 2; level += 1; }
    found.push(await nodes(level, start / width));
    start += width;
  }
  return found.reduceRight((whole, left) => dabyl.nodeHash(left, whole));
};

// The hashes from leaf `index` to the root of a tree of `size`.
dabyl.inclusionProof = async function (nodes, index, size) {
  const path = [];
  let start = 0;
  let end = size;
  while (end - start > 1) {
    const middle = start + dabyl.powerBelow(end - start);
    if (index < middle) {
      path.push(await dabyl.rangeRoot(nodes, middle, end));
      end = middle;
    } else {
      path.push(await dabyl.rangeRoot(nodes, start, middle));
      start = middle;
    }
  }
  return path.reverse();
};

// The hashes that show that a tree of `size` begins with one of `old` (RFC 6962, 2.1.2).
dabyl.consistencyProof = async function (nodes, old, size) {
  const path = [];
  let start = 0;
  let end = size;
  while (old > 0 && old < end) {
    const middle = start + dabyl.powerBelow(end - start);
    if (old <= middle) {
      path.push(await dabyl.rangeRoot(nodes, middle, end));
      end = middle;
    } else {
      path.push(await dabyl.rangeRoot(nodes, start, middle));
      start = middle;
    }
  }
  if (start && path.length) path.push(await dabyl.rangeRoot(nodes, start, end));
  return path.reverse();
};

// One step up: [at, last] of the parents, past the left edge where the leaf is the last and a left child.
dabyl.upwards = function (at, last) {
  if (dabyl.isOdd(at) || at === last) {
    while (at && !dabyl.isOdd(at)) { at /= 2; last = Math.floor(last / 2); }
  }
  return [Math.floor(at / 2), Math.floor(last / 2)];
};

// Whether a leaf hash is at `index` of the tree of `size` (RFC 9162, 2.1.3.2).
dabyl.isIncluded = function (leaf, index, size, path, root) {
  if (!(index >= 0 && index < size)) return false;
  let [at, last, found] = [index, size - 1, leaf];
  for (const one of path) {
    if (!last) return false;
    const left = dabyl.isOdd(at) || at === last;
    found = left ? dabyl.nodeHash(one, found) : dabyl.nodeHash(found, one);
    [at, last] = dabyl.upwards(at, last);
  }
  return !last && dabyl.same(found, root);
};

// Whether the head `now` ({size, root}) begins with the head `old` (RFC 9162, 2.1.4.2).
dabyl.isConsistent = function (old, now, path) {
  if (old.size === 0) return !path.length && dabyl.same(old.root, dabyl.EMPTY_ROOT());
  if (old.size === now.size) return !path.length && dabyl.same(old.root, now.root);
  if (!(old.size > 0 && old.size < now.size) || !path.length) return false;
  const steps = dabyl.powerBelow(old.size + 1) === old.size ? [old.root, ...path] : path;
  let [at, last] = [old.size - 1, now.size - 1];
  while (dabyl.isOdd(at)) { at = Math.floor(at / 2); last = Math.floor(last / 2); }
  let [first, second] = [steps[0], steps[0]];
  for (const one of steps.slice(1)) {
    if (!last) return false;
    if (dabyl.isOdd(at) || at === last) {
      first = dabyl.nodeHash(one, first);
      second = dabyl.nodeHash(one, second);
    } else {
      second = dabyl.nodeHash(second, one);
    }
    [at, last] = dabyl.upwards(at, last);
  }
  return !last && dabyl.same(first, old.root) && dabyl.same(second, now.root);
};
