// The steps of web.mjs, one a function, as a person takes them.
import assert from "node:assert/strict";

const NAME = "maria@example.org";
const PASSWORD = "four made-up words in a row";

export async function signsUp({ page, looks, origin }, invitation) {
  await page.goto(origin);
  await looks.at("sign-in");
  await page.goto(`${origin}/sign-up`);
  await looks.at("sign-up-closed");
  await page.goto(invitation);
  await page.getByLabel("Name").fill(NAME);
  await page.getByLabel("Password").fill("111111111111");
  await page.getByRole("button", { name: "Make the account" }).click();
  await page.getByText("too easy to guess").waitFor();
  await looks.at("sign-up");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Make the account" }).click();
  await page.getByRole("heading", { name: "Welcome" }).waitFor();
  await looks.at("welcome");
}

export async function addsAPerson({ page, looks }) {
  await page.getByLabel("Name").fill("Maria <script>alert(1)</script>");
  await page.getByRole("radio", { name: "This person" }).check();
  await page.getByRole("button", { name: "Add" }).click();
  await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
  assert.ok(!(await page.content()).includes("<script>alert"), "markup in a name is text");
  await looks.at("record-empty");
}

export async function uploads({ page, looks }, files) {
  await page.getByRole("link", { name: "Add a source" }).click();
  await page.getByLabel("Files", { exact: true }).setInputFiles(files);
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("heading", { name: /entries added/ }).waitFor();
  await looks.at("sources");
  await page.getByRole("link", { name: "Record", exact: true }).click();
  await page.getByRole("heading", { name: "Lab results" }).waitFor();
  await looks.at("record");
}

export async function consents({ page, looks }, address) {
  await page.goto(address);
  await page.getByText("program on your own device").waitFor();
  await looks.at("consent");
  for (const box of await page.locator('input[name="category"]').all()) await box.uncheck();
  await page.getByRole("button", { name: "Allow", exact: true }).click();
  await page.getByRole("alert").getByText("at least one category").waitFor();
  await looks.at("consent-nothing-chosen");
  await page.getByRole("checkbox", { name: /^Lab results/ }).check();
  await page.getByRole("checkbox", { name: /^Vitals/ }).check();
  // The page on which the browser rests goes on by itself: it is seen only on the way.
  const rests = page.waitForResponse((response) => response.url().endsWith("/authorize") && response.request().method() === "POST");
  await page.getByRole("button", { name: "Allow", exact: true }).click();
  const rested = await rests;
  assert.equal(rested.status(), 200, "the way back leads through a page of ours");
  await page.waitForURL(/\/callback\?/);
}

export async function narrows({ page, looks, origin }) {
  await page.goto(`${origin}/assistants`);
  await page.getByRole("heading", { name: /^Claude .*test/ }).waitFor();
  await looks.at("assistants");
  await page.getByRole("link", { name: /^Change/ }).click();
  await looks.at("assistant");
  await page.getByRole("checkbox", { name: /^Lab results/ }).uncheck();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("It holds from the next question on").waitFor();
}

export async function looksAtActivity({ page, looks }) {
  await page.getByRole("link", { name: "Activity" }).click();
  await page.getByText("The list is whole").waitFor();
  await page.getByText("Read lab results").first().waitFor();
  await looks.at("activity");
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: /CSV/ }).click();
  assert.equal((await download).suggestedFilename(), "activity.csv");
}

export async function disconnects({ page, looks }) {
  await page.getByRole("link", { name: "Assistants" }).click();
  await page.getByRole("button", { name: /^Disconnect/ }).click();
  await page.getByText("It is disconnected").waitFor();
  await looks.at("assistants-none");
}

// A parent connects the portal of a child.
export async function connects({ page, looks, origin }, { name, password }) {
  await page.goto(`${origin}/settings`);
  await page.getByText("Add a person", { exact: true }).click();
  await page.getByLabel("Name").fill("Theo");
  await page.getByRole("radio", { name: /^A parent/ }).check();
  await page.getByLabel("Day of birth").fill("2019-03-08");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("link", { name: "Add a source" }).click();
  await page.getByRole("searchbox").fill("children clinic");
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByRole("button", { name: /^Connect/ }).waitFor();
  await looks.at("sources-found");
  await page.getByRole("button", { name: /^Connect/ }).click();
  await page.getByLabel("Password").waitFor();
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: "Allow" }).click();
  await page.waitForURL(/\/sources\?person=.*done=connected/);
  const again = page.getByRole("link", { name: "Look again" });
  for (let nth = 0; nth < 200 && (await again.count()) > 0; nth += 1) await again.click();
  await page.getByText(/read \w+ \d+, \d{4} · \d+ entries/).waitFor();
  await looks.at("sources-connected");
  await page.getByRole("link", { name: "Record", exact: true }).click();
  await page.getByRole("link", { name: "Theo" }).click();
  await page.getByRole("heading", { name: "Immunizations" }).waitFor();
  await looks.at("record-of-a-child");
}

export async function keepsCodes({ page, looks }) {
  await page.getByRole("link", { name: "Settings" }).click();
  await looks.at("settings");
  await page.getByRole("link", { name: "New recovery codes" }).click();
  await page.getByRole("button", { name: "Make new codes" }).click();
  assert.equal(await page.locator(".codes li").count(), 10);
  await looks.at("codes");
  await page.getByRole("link", { name: "I have kept them" }).click();
}

// Pages that the story does not lead to.
export async function looksAtTheRest({ page, looks, origin }) {
  await page.getByRole("link", { name: "Accounts and invitations" }).click();
  await page.getByRole("button", { name: "Make an invitation" }).click();
  await page.getByRole("heading", { name: "The invitation" }).waitFor();
  await looks.at("accounts");
  await page.goto(`${origin}/settings`);
  await page.getByRole("link", { name: /^Change Maria/ }).click();
  await looks.at("person");
  for (const path of ["/settings/password", "/sign-in/again", "/recover", "/sources?search=lakeside", "/nowhere"]) {
    await page.goto(origin + path);
    await looks.at(path.slice(1).replaceAll(/\W/g, "-"));
  }
  await page.goto(`${origin}/sources`);
  await page.getByRole("link", { name: /^Remove/ }).first().click();
  await looks.at("source-remove");
}

export async function isGuarded({ page, origin }) {
  const answered = await page.goto(`${origin}/`);
  const headers = answered.headers();
  assert.match(headers["content-security-policy"], /^default-src 'none';.*form-action 'self'.*frame-ancestors 'none'/);
  assert.equal(headers["cache-control"], "no-store");
  assert.equal(headers["x-content-type-options"], "nosniff");
  const [cookie] = await page.context().cookies();
  assert.ok(cookie.httpOnly && cookie.sameSite === "Lax");
  const forged = await page.request.post(`${origin}/settings/sessions`, { headers: { origin: "https://evil.example" } });
  assert.equal(forged.status(), 403, "a form of another site does nothing");
  const unmarked = await page.request.post(`${origin}/settings/sessions`, { headers: { origin }, form: { csrf: "00" } });
  assert.equal(unmarked.status(), 403, "a form without its mark does nothing");
  for (const path of ["/../Cargo.toml", "/activity/..%2f..%2fetc%2fpasswd", "/assistants/..%2F..", "/style.css/x"]) {
    const status = (await page.request.get(origin + path)).status();
    assert.ok([400, 404].includes(status), `${path}: ${status}`);
  }
}

export async function deletes({ page, looks, origin }) {
  await page.goto(`${origin}/settings/delete`);
  await page.getByLabel(/Type delete/).fill("yes");
  await page.getByRole("button", { name: "Delete everything" }).click();
  await page.getByText("Nothing was deleted").waitFor();
  await looks.at("delete");
  await page.getByLabel(/Type delete/).fill("delete");
  await page.getByRole("button", { name: "Delete everything" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.getByLabel("Name").fill(NAME);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("That did not match").waitFor();
}
