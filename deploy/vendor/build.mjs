// Puts what the desk's page has of others where it is served from, with its licences and a manifest of hashes.
// `make vendor` runs it; nothing else needs Node.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const HERE = import.meta.dirname;
const ROOT = join(HERE, "..", "..");
const PAGE = join(ROOT, "clients", "desk", "static", "vendor");
const TESTS = join(ROOT, "tests", "e2e", "desk", "vendor");

/** Pictures that the page draws; each by its name in Lucide. */
const ICONS = readFileSync(join(HERE, "icons.txt"), "utf8").split("\n").filter(Boolean);

/** By the folder that they go to: packages, and where each has its licence. */
const PACKAGES = {
  [PAGE]: ["preact", "@preact/signals", "@preact/signals-core", "htm", "@fontsource-variable/golos-text", "lucide-static"],
  [TESTS]: ["axe-core"],
};

const moduleOf = (name) => join(HERE, "node_modules", name);

function hashesOf(folder) {
  const found = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(folder.length + 1);
    if (entry.isFile() && name !== "manifest.json") {
      found[name] = createHash("sha256").update(readFileSync(path)).digest("hex");
    }
  }
  return Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function describe(folder) {
  const packages = PACKAGES[folder].map((name) => {
    const { version, license } = JSON.parse(readFileSync(join(moduleOf(name), "package.json"), "utf8"));
    const text = `licences/${name.replace("@", "").replace("/", "-")}.txt`;
    mkdirSync(join(folder, "licences"), { recursive: true });
    cpSync(join(moduleOf(name), "LICENSE"), join(folder, text));
    return { name, version, licence: license, text };
  });
  writeFileSync(join(folder, "manifest.json"), `${JSON.stringify({ packages, files: hashesOf(folder) }, null, 2)}\n`);
}

function drawIcons() {
  const all = JSON.parse(readFileSync(join(moduleOf("lucide-static"), "icon-nodes.json"), "utf8"));
  const rows = ICONS.map((name) => {
    if (!all[name]) throw new Error(`Lucide has no ${name}`);
    return `  ${JSON.stringify(name)}: ${JSON.stringify(all[name])},`;
  });
  writeFileSync(join(PAGE, "icons.js"), `/** Icons of Lucide (ISC): shapes on a field of 24 x 24. */\nexport const ICONS = {\n${rows.join("\n")}\n};\n`);
}

for (const folder of [PAGE, TESTS]) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}
await build({
  entryPoints: [join(HERE, "entry.js")],
  outfile: join(PAGE, "preact.js"),
  bundle: true,
  format: "esm",
  minify: true,
  target: "es2022",
  legalComments: "none",
  banner: { js: "// @ts-nocheck" },
});
drawIcons();
cpSync(join(moduleOf("@fontsource-variable/golos-text"), "files"), join(PAGE, "fonts"), { recursive: true });
cpSync(join(moduleOf("axe-core"), "axe.min.js"), join(TESTS, "axe.min.js"));
describe(PAGE);
describe(TESTS);
