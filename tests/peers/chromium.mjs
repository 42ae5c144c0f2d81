// The same sign-in in a real browser, without any script on its pages.
import { chromium } from "playwright-core";

// Signs in from `address` on, and gives the words of the last page; a picture of it goes into `screenshot`.
export async function inChromium(executablePath, address, { name, password }, screenshot) {
  // Nobody but us is on these pages; as root Chromium starts only without its sandbox.
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 800, height: 400 } });
    const page = await context.newPage();
    await page.goto(address);
    await page.getByLabel("Name").fill(name);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("button", { name: "Allow" }).click();
    await page.waitForURL(/\/callback\?/);
    const words = await page.getByRole("main").innerText();
    await page.screenshot({ path: screenshot });
    return words;
  } finally {
    await browser.close();
  }
}
