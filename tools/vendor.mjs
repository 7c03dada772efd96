/**
 * Bundle the page's third-party modules, once, into resources/web/vendor.
 *
 * The page itself is unbuilt; what it takes from others is bundled here and committed, so that a
 * checkout runs without npm and a reader can see what is served. Every entry of "dependencies" in
 * package.json becomes one ES module named after it (`@scope/name` becomes `scope-name.js`), with its
 * types beside it (`scope-name.d.ts`); what several share goes to `shared-HASH.js`, so that nothing is
 * loaded twice. MANIFEST.json holds version and licence of every package that went in, also of those
 * that a dependency brought along, and the SHA-256 of every file; the licence texts lie beside them.
 *
 * Usage: node tools/vendor.mjs ROOT [--check]
 * With --check nothing is written; exit code 1 if the committed files differ.
 */
import { createHash } from "node:crypto";
import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { build } from "esbuild";

/** @param {string} path */
const readJson = async (path) => JSON.parse(await readFile(path, "utf8"));

/** @param {string} name of a package @returns {string} the stem of its bundle */
const stem = (name) => name.replace(/^@/, "").replaceAll("/", "-");

/**
 * Write bundles, licences and manifest of all dependencies into a folder.
 * @param {string} root folder of package.json and node_modules
 * @param {string} out folder that is made
 */
async function bundle(root, out) {
  const { dependencies = {} } = await readJson(join(root, "package.json"));
  const names = Object.keys(dependencies).sort();
  await mkdir(out, { recursive: true });
  if (names.length === 0) return;
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: names.map((name) => ({ in: name, out: stem(name) })),
    bundle: true,
    splitting: true,
    chunkNames: "shared-[hash]",
    format: "esm",
    platform: "browser",
    target: "es2022",
    minify: true,
    metafile: true,
    legalComments: "inline",
    banner: { js: "// @ts-nocheck: made by `dev.py vendor`; do not edit." },
    outdir: out,
    logLevel: "warning",
  });
  for (const name of names) {
    await writeFile(join(out, `${stem(name)}.d.ts`), `export * from "${name}";\n`);
  }
  /** @type {Record<string, object>} */
  const packages = {};
  for (const name of packagesIn(Object.keys(metafile.inputs))) {
    const folder = join(root, "node_modules", name);
    const { version, license } = await readJson(join(folder, "package.json"));
    const texts = (await readdir(folder)).filter((entry) => /^licen[cs]e/i.test(entry));
    if (texts[0] === undefined) throw new Error(`${name} has no licence text`);
    packages[name] = { version, license };
    await writeFile(join(out, `${stem(name)}.LICENSE`), await readFile(join(folder, texts[0])));
  }
  /** @type {Record<string, string>} */
  const files = {};
  for (const file of (await readdir(out)).filter((entry) => entry.endsWith(".js")).sort()) {
    files[file] = createHash("sha256").update(await readFile(join(out, file))).digest("hex");
  }
  await writeFile(join(out, "MANIFEST.json"), `${JSON.stringify({ packages, files }, null, 2)}\n`);
}

/**
 * Return the packages that files of a bundle are from, in order.
 * @param {string[]} paths relative to the root
 */
function packagesIn(paths) {
  const found = paths.map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]);
  return [...new Set(found.filter((name) => name !== undefined))].sort();
}

/**
 * Read a folder of files; a folder that is not there is empty.
 * @param {string} folder @returns {Promise<Map<string, Buffer>>}
 */
async function contents(folder) {
  const names = await readdir(folder).catch(() => /** @type {string[]} */ ([]));
  const rows = names.sort().map(async (name) => [name, await readFile(join(folder, name))]);
  return new Map(/** @type {[string, Buffer][]} */ (await Promise.all(rows)));
}

const [root, option] = process.argv.slice(2);
if (root === undefined) throw new Error("usage: node tools/vendor.mjs ROOT [--check]");
const target = join(root, "resources", "web", "vendor");
const fresh = await mkdtemp(join(tmpdir(), "vendor-"));
try {
  await bundle(root, fresh);
  const [wanted, there] = [await contents(fresh), await contents(target)];
  const names = [...new Set([...wanted.keys(), ...there.keys()])];
  const stale = names.filter((name) => {
    const [left, right] = [wanted.get(name), there.get(name)];
    return left === undefined || right === undefined || !left.equals(right);
  });
  if (option === "--check") {
    for (const name of stale) console.error(`stale: resources/web/vendor/${name}`);
    process.exitCode = stale.length > 0 ? 1 : 0;
  } else {
    await rm(target, { recursive: true, force: true });
    if (wanted.size > 0) await mkdir(target, { recursive: true });
    for (const [name, content] of wanted) await writeFile(join(target, name), content);
    console.log(`vendor: ${wanted.size} files, ${stale.length} changed`);
  }
} finally {
  await rm(fresh, { recursive: true, force: true });
}
