// Puts what the package holds beside its package.json, for `npm pack`; with --clean takes it away
// again. The scripts are those that the service serves, and are in git there alone.
import { copyFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const scripts = ["element.js", "grounded-qa.js"];
const types = ["wire.d.ts", "element.d.ts", "define.d.ts"];

if (process.argv.includes("--clean")) {
  for (const name of [...scripts, ...types]) rmSync(at(name), { force: true });
} else {
  for (const name of scripts) copyFileSync(at(`../../src/groundedqa/server/widget/${name}`), at(name));
  for (const name of types) copyFileSync(at(`types/${name}`), at(name));
}
