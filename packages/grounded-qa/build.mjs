// Makes what the service serves and the package holds out of source/. With --check nothing is
// written: it ends with 1 where a file is not what its sources make.
import { readFile, writeFile } from "node:fs/promises";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const served = at("../../src/groundedqa/server/widget/");

/** Style sheets become a string of the script, without what only people need. */
const styles = {
  name: "styles",
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const { code } = await esbuild.transform(source, { loader: "css", minify: true });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

async function made() {
  const files = new Map();
  const { outputFiles } = await esbuild.build({
    entryPoints: [at("source/grounded-qa.js"), at("source/element.js")],
    outdir: served,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    plugins: [styles],
    write: false,
  });
  for (const { path, text } of outputFiles) files.set(path, text);
  for (const name of readdirSync(at("source/words/"))) {
    const words = JSON.parse(await readFile(at(`source/words/${name}`), "utf8"));
    files.set(served + name, `${JSON.stringify(words)}\n`);
  }
  return files;
}

let stale = false;
for (const [path, text] of await made()) {
  const before = await readFile(path, "utf8").catch(() => "");
  if (before === text) continue;
  stale = true;
  if (process.argv.includes("--check")) console.error(`${path} is not what its sources make`);
  else await writeFile(path, text);
}
if (stale && process.argv.includes("--check")) {
  console.error("mend it with: npm run build, in packages/grounded-qa");
  process.exitCode = 1;
}
