// Passkeys: the one thing on these pages that only a script can do. A form with `data-passkey` asks for a challenge,
// lets the device answer it, and is then sent like any other.
const canAsk = typeof PublicKeyCredential === "function" && "parseRequestOptionsFromJSON" in PublicKeyCredential;

async function challenge(form) {
  const body = new URLSearchParams({ csrf: form.dataset.csrf });
  const answered = await fetch(form.dataset.begin, { method: "POST", body });
  if (answered.status === 401) {
    // The sign-in was too long ago: once more, and back to this page.
    location.assign((await answered.json()).again);
    return new Promise(() => {});
  }
  if (!answered.ok) throw new Error(`status ${answered.status}`);
  return answered.json();
}

async function answer(form) {
  const { id, options } = await challenge(form);
  if (form.dataset.passkey === "create") {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options.publicKey);
    return { credential: await navigator.credentials.create({ publicKey }) };
  }
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options.publicKey);
  return { id, credential: await navigator.credentials.get({ publicKey }) };
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = !canAsk;
  const says = form.querySelector('[role="alert"]');
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    says.hidden = true;
    try {
      const { id, credential } = await answer(form);
      if (id) form.elements.id.value = id;
      form.elements.answer.value = JSON.stringify(credential.toJSON());
      form.submit();
    } catch {
      says.hidden = false;
    }
  });
}
