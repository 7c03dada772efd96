/**
 * Gather the modules of the pages into a few, in build/page.
 *
 * The pages run without it, and a checkout does. But each request costs a browser as much as the
 * module that it brings, and the call page is made of a hundred; so packages carry the gathered ones.
 * They are the same code, readable, module after module; what is loaded later stays apart. The host
 * takes them only where `sources` in manifest.json is the digest of the modules that it has
 * (src/projectdesk/host/http/page_files.py reckons it the same way).
 *
 * Usage: node tools/page.mjs ROOT
 */
import { createHash } from "node:crypto";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";

import { build } from "esbuild";

const PAGES = ["call.js", "check.js", "desk.js"];

/**
 * What pages load later, beside their texts. Like these it keeps its name: a page that was opened
 * before an update asks the host of now for it.
 */
const LATER = ["typed_lines.js", "vendor/yjs.js", "view/editor.js", "view/line_marks.js"];

/** @param {string | Buffer} content */
const digest = (content) => createHash("sha256").update(content).digest("hex").slice(0, 16);

/**
 * Return the digest of all modules of a folder.
 * @param {string} web
 */
async function digestOf(web) {
  const found = await readdir(web, { recursive: true });
  const names = found.map((name) => name.replaceAll("\\", "/")).filter((name) => name.endsWith(".js"));
  const lines = names.sort().map(async (name) => `${name} ${digest(await readFile(join(web, name)))}\n`);
  return digest((await Promise.all(lines)).join(""));
}

const [root] = process.argv.slice(2);
if (root === undefined) throw new Error("usage: node tools/page.mjs ROOT");
const web = join(root, "resources", "web");
const target = join(root, "build", "page");
await rm(target, { recursive: true, force: true });
const sources = await digestOf(web);
const texts = (await readdir(join(web, "i18n"))).map((name) => `i18n/${name}`);
const { metafile } = await build({
  absWorkingDir: web,
  entryPoints: [...PAGES, ...LATER, ...texts],
  outbase: web,
  bundle: true,
  splitting: true,
  chunkNames: "part-[hash]",
  format: "esm",
  platform: "browser",
  target: "esnext",
  metafile: true,
  legalComments: "inline",
  outdir: target,
  logLevel: "warning",
});
for (const [path, { imports }] of Object.entries(metafile.outputs)) {
  const unnamed = imports.find(({ kind, path: to }) => kind === "dynamic-import" && basename(to).startsWith("part-"));
  if (unnamed !== undefined) throw new Error(`${path} loads ${unnamed.path} later: name its module in LATER`);
}
await writeFile(join(target, "manifest.json"), `${JSON.stringify({ sources })}\n`);
console.log(`page: ${Object.keys(metafile.outputs).length} modules`);
