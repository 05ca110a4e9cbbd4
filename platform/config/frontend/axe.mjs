// Checks pages with axe at phone and desktop width: npm run axe -- URL [URL…]
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
let found = 0;
for (const width of [390, 1280]) {
  // The page's own policy forbids evaluated code; the checker needs it, the visitor does not.
  const context = await browser.newContext({ viewport: { width, height: 900 }, bypassCSP: true });
  const page = await context.newPage();
  for (const address of process.argv.slice(2)) {
    await page.goto(address);
    await page.evaluate(source);
    const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
    found += violations.length;
    console.log(`${width} ${address}: ${violations.length} violations`);
    for (const violation of violations) {
      console.log(`  ${violation.id} (${violation.impact}): ${violation.help}`);
      for (const node of violation.nodes.slice(0, 5)) console.log(`    ${node.html.slice(0, 160)}`);
    }
  }
}
await browser.close();
process.exit(found ? 1 : 0);
