import assert from "node:assert/strict";
import { test } from "node:test";

import { fetchFile } from "../../resources/web/api.js";

function answering(status, body, type) {
  const asked = [];
  globalThis.location = { pathname: "/d/b1b1b1b1b1" };
  globalThis.fetch = async (address, options) => {
    asked.push({ address, body: JSON.parse(options.body) });
    return new Response(body, { status, headers: { "Content-Type": type } });
  };
  return asked;
}

test("a document is fetched with the token in the body, and comes out as nothing that runs", async () => {
  const asked = answering(200, "<script>alert(1)</script>", "text/html");
  const content = await fetchFile({ token: "secret", file: "ab" });
  assert.deepEqual(asked, [{ address: "/d/b1b1b1b1b1/api/file", body: { token: "secret", file: "ab" } }]);
  assert.equal(content.type, "application/octet-stream");
  assert.equal(await content.text(), "<script>alert(1)</script>");
});

test("a refusal keeps the host's code", async () => {
  answering(404, JSON.stringify({ code: "file_lost", text: "Not here yet." }), "application/json");
  await assert.rejects(fetchFile({ token: "secret", file: "ab" }), (error) => {
    assert.deepEqual(error.trouble, { code: "file_lost", text: "Not here yet." });
    return true;
  });
});
