// Builds ../static/css/kasuwa.css and holds it to its weight.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const LIMIT_KB = 20;
const output = "../static/css/kasuwa.css";
const watch = process.argv.includes("--watch");
const args = ["-i", "input.css", "-o", output, watch ? "--watch" : "--minify"];
const run = spawnSync("node_modules/.bin/tailwindcss", args, { stdio: "inherit" });
if (run.status !== 0) process.exit(run.status ?? 1);

const css = readFileSync(output);
const kilobytes = gzipSync(css, { level: 9 }).length / 1024;
console.log(`${output}: ${(css.length / 1024).toFixed(1)} KB, ${kilobytes.toFixed(1)} KB gzip`);
if (kilobytes > LIMIT_KB) {
  console.error(`heavier than ${LIMIT_KB} KB gzip`);
  process.exit(1);
}
