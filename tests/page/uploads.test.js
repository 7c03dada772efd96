import assert from "node:assert/strict";
import { test } from "node:test";

import { Uploads, fileAddress, sizeText } from "../../resources/web/uploads.js";

function file(name, size = 10) {
  return { name, size };
}

/** Make uploads whose sending is by hand. */
function staged() {
  const sending = new Map();
  const stopped = [];
  const uploads = new Uploads(
    (sent, ways) => {
      sending.set(sent.name, ways);
      return () => stopped.push(sent.name);
    },
    () => undefined,
  );
  return { uploads, sending, stopped };
}

test("two files go at a time, the next when one has arrived", () => {
  const { uploads, sending } = staged();
  uploads.add([file("a"), file("b"), file("c")], 100);
  assert.deepEqual([...sending.keys()], ["a", "b"]);
  sending.get("a").progressed(0.5);
  assert.equal(uploads.list[0].share, 0.5);
  sending.get("a").ended("");
  assert.deepEqual([...sending.keys()], ["a", "b", "c"]);
  assert.deepEqual(uploads.list.map(({ name }) => name), ["b", "c"]);
});

test("a file that is too large or empty is not sent, and says why", () => {
  const { uploads, sending } = staged();
  uploads.add([file("big", 101), file("none", 0), file("fits", 100)], 100);
  assert.deepEqual([...sending.keys()], ["fits"]);
  assert.deepEqual(uploads.list.map(({ trouble }) => trouble), ["file_too_large", "file_empty", ""]);
});

test("a file is stopped, and what comes of it later changes nothing", () => {
  const { uploads, sending, stopped } = staged();
  uploads.add([file("a"), file("b"), file("c")], 100);
  uploads.remove(uploads.list[0].number);
  assert.deepEqual(stopped, ["a"]);
  sending.get("a").progressed(1);
  sending.get("a").ended("upload_failed");
  assert.deepEqual(uploads.list.map(({ name, trouble }) => [name, trouble]), [["b", ""], ["c", ""]]);
  uploads.close();
  assert.deepEqual(stopped, ["a", "b", "c"]);
  assert.deepEqual(uploads.list, []);
});

test("a refusal stays until it is read", () => {
  const { uploads, sending } = staged();
  uploads.add([file("a")], 100);
  sending.get("a").ended("host_disk_full");
  assert.equal(uploads.list[0].trouble, "host_disk_full");
  uploads.remove(uploads.list[0].number);
  assert.deepEqual(uploads.list, []);
});

test("sizes and addresses", () => {
  assert.equal(sizeText(2_400_000, "en"), "2.4 MB");
  assert.equal(sizeText(25_000_000, "de"), "25 MB");
  assert.equal(sizeText(1500, "en"), "1.5 kB");
  assert.equal(sizeText(1, "en"), "0.1 kB");
  assert.equal(fileAddress("/r/ROOM", { id: "a/b", name: "x", size: 1 }), "/r/ROOM/api/files/a%2Fb");
});
