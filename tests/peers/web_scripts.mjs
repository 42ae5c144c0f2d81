// The two things on the pages that are done by a script: the progress of an upload, and passkeys. The device is Chromium's
// own virtual one. Passkeys are bound to a name, so the server is known as localhost here.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { freePort } from "./free_port.mjs";
import { begin, says } from "./processes.mjs";
import { Looks } from "./web_looks.mjs";

const NAME = "maria@example.org";
const FILES = ["fixtures/people/adult/lakeside.json", "fixtures/people/adult/riverton.ndjson"];

export async function scriptsWork({ binary, scratch, browser, pictures, after }) {
  const port = await freePort();
  const server = begin(binary, [
    "--home", `${scratch}/scripts`, "serve", "--http", `127.0.0.1:${port}`, "--public-url", `http://localhost:${port}`,
  ]);
  const [invitation] = await says(server, /http:\S+\/sign-up\?invitation=\S+/);
  const context = await browser.newContext();
  const page = await context.newPage();
  const troubles = [];
  page.on("pageerror", (error) => troubles.push(error.message));
  page.on("console", (message) => {
    if (/content security policy/i.test(message.text())) troubles.push(message.text());
  });
  const looks = new Looks(page, await browser.newPage(), pictures, after);
  const place = { page, context, looks, scratch, origin: new URL(invitation).origin };
  await signsUp(place, invitation);
  await showsProgress(place);
  await usesAPasskey(place);
  assert.deepEqual(troubles, [], "what the pages allow themselves is enough for their scripts");
  looks.finish();
}

async function signsUp({ page }, invitation) {
  await page.goto(invitation);
  await page.getByLabel("Name").fill(NAME);
  await page.getByLabel("Password").fill("four made-up words in a row");
  await page.getByRole("button", { name: "Make the account" }).click();
  await page.getByLabel("Name").fill("Maria");
  await page.getByRole("radio", { name: "This person" }).check();
  await page.getByRole("button", { name: "Add" }).click();
  await page.getByRole("link", { name: "Add a source" }).click();
}

async function showsProgress({ page, context, looks, scratch, origin }) {
  const add = page.getByRole("button", { name: "Add", exact: true });
  const bar = page.getByRole("progressbar", { name: "Upload" });
  const choose = (files) => page.getByLabel("Files", { exact: true }).setInputFiles(files);

  await choose(FILES);
  await context.setOffline(true);
  await add.click();
  await page.getByRole("status").getByText("It did not get through").waitFor();
  assert.equal(await bar.count(), 0);
  await context.setOffline(false);

  const line = await context.newCDPSession(page);
  const conditions = { offline: false, latency: 0, downloadThroughput: -1 };
  await line.send("Network.enable");
  await line.send("Network.emulateNetworkConditions", { ...conditions, uploadThroughput: 200_000 });
  await add.click();
  const isUnderWay = () => bar.evaluate(({ value, position }) => position > 0 && value < 1);
  for (let nth = 0; !(await isUnderWay()); nth += 1) {
    assert.ok(nth < 100, "the bar shows no progress");
    await page.waitForTimeout(20);
  }
  assert.ok(await add.isDisabled(), "it is sent once");
  await page.getByRole("status").getByText("Sending").waitFor();
  await page.screenshot({ path: `${looks.next("sources-sending")}.png`, fullPage: true });
  await page.getByRole("heading", { name: /entries added/ }).waitFor();
  await line.send("Network.emulateNetworkConditions", { ...conditions, uploadThroughput: -1 });

  // What is refused is told, though it was refused before all of it was there.
  const large = `${scratch}/large.json`;
  writeFileSync(large, Buffer.alloc((64 << 20) + 1, " "));
  await choose(large);
  await add.click();
  await page.getByRole("heading", { name: "Too much at once" }).waitFor();
  await page.goto(`${origin}/sources`);
}

async function usesAPasskey({ page, context, looks, origin }) {
  const device = await context.newCDPSession(page);
  await device.send("WebAuthn.enable");
  const { authenticatorId } = await device.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  const isOwner = (is) => device.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: is });

  await page.goto(`${origin}/settings`);
  await page.getByRole("link", { name: "Passkeys" }).click();
  await page.getByLabel("Name of the passkey").fill("Phone <b>test</b>");
  await isOwner(false);
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.getByRole("alert").getByText("was not added").waitFor();
  await isOwner(true);
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.getByRole("heading", { name: "Phone <b>test</b>" }).waitFor();
  await looks.at("passkeys");
  const { credentials } = await device.send("WebAuthn.getCredentials", { authenticatorId });
  assert.equal(credentials.length, 1);
  assert.equal(credentials[0].rpId, "localhost");

  await page.getByRole("button", { name: "Sign out" }).click();
  const use = page.getByRole("button", { name: "Use a passkey" });
  await use.waitFor();
  await looks.at("sign-in-with-passkeys");
  await isOwner(false);
  await use.click();
  await page.getByRole("alert").getByText("was not used").waitFor();
  await isOwner(true);
  await use.click();
  await page.waitForURL(`${origin}/`);
  await page.goto(`${origin}/settings/passkeys`);
  await page.getByText("last used").waitFor();

  await page.getByRole("button", { name: /^Remove/ }).click();
  await page.getByRole("button", { name: /^Remove/ }).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Sign out" }).click();
  await use.click();
  await page.getByText("That did not match").waitFor();
}
