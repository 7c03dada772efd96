import assert from "node:assert/strict";
import { test } from "node:test";

import { bestGrid, placeGrid, placeSpeaker, sendingLimit } from "../../resources/web/tiles.js";

const SPACES = [
  [1280, 640],
  [932, 640],
  [344, 520],
  [300, 200],
  [2560, 1300],
];

function overlaps(one, other) {
  const apart =
    one.x + one.width <= other.x + 0.01 ||
    other.x + other.width <= one.x + 0.01 ||
    one.y + one.height <= other.y + 0.01 ||
    other.y + other.height <= one.y + 0.01;
  return !apart;
}

function check(places, count, width, height) {
  assert.equal(places.length, count);
  for (const [index, place] of places.entries()) {
    assert.ok(place.x >= -0.01 && place.y >= -0.01, "inside");
    assert.ok(place.x + place.width <= width + 0.01 && place.y + place.height <= height + 0.01, "inside");
    assert.ok(place.width > 0 && place.height > 0, "visible");
    for (const other of places.slice(index + 1)) {
      assert.ok(!overlaps(place, other), "apart");
    }
  }
}

for (const [width, height] of SPACES) {
  test(`tiles lie inside and apart in ${width} x ${height}`, () => {
    for (let count = 1; count <= 16; count += 1) {
      check(placeGrid(count, width, height, 8), count, width, height);
      check(placeSpeaker(count, width, height, 8), count, width, height);
    }
  });
}

test("a grid uses the space: two side by side when wide, below each other when narrow", () => {
  assert.equal(bestGrid(2, 1280, 500, 8).columns, 2);
  assert.equal(bestGrid(2, 344, 600, 8).columns, 1);
  assert.equal(bestGrid(9, 1280, 640, 8).columns, 3);
  const grid = bestGrid(4, 1280, 720, 0);
  assert.ok(Math.abs(grid.width / grid.height - 16 / 9) < 0.001);
});

test("the last row is centred", () => {
  const places = placeGrid(3, 1280, 720, 8);
  const last = places[2];
  assert.ok(Math.abs(last.x + last.width / 2 - 640) < 0.01);
});

test("the large tile is larger than all others together are wide", () => {
  const [large, ...others] = placeSpeaker(5, 1280, 640, 8);
  assert.ok(others.every((place) => place.width * 3 < large.width));
});

test("nobody gives no tiles", () => {
  assert.deepEqual(placeGrid(0, 100, 100, 8), []);
  assert.deepEqual(placeSpeaker(0, 100, 100, 8), []);
});

test("the more people, the less each one sends", () => {
  const limits = [1, 2, 3, 4, 5, 8, 9, 12, 25].map((people) => sendingLimit(people).bitsPerSecond);
  assert.deepEqual(limits, [...limits].sort((one, other) => other - one));
  assert.ok(limits[0] > limits.at(-1));
});

test("where pictures may lose their sides, tiles use more of the space and stay in it", () => {
  const area = (places) => places.reduce((sum, place) => sum + place.width * place.height, 0);
  for (const [width, height] of SPACES) {
    for (let count = 1; count <= 30; count += 1) {
      const narrow = placeGrid(count, width, height, 8, 1);
      check(narrow, count, width, height);
      assert.ok(area(narrow) >= area(placeGrid(count, width, height, 8)) - 0.01);
      for (const place of narrow) {
        const ratio = place.width / place.height;
        assert.ok(ratio >= 1 - 1e-9 && ratio <= 16 / 9 + 1e-9, String(ratio));
      }
    }
  }
  const [first] = placeGrid(5, 344, 600, 8, 1);
  assert.ok(first.width < 200, "two beside each other on a phone");
});
