/* <pass-key>: a button that asks the browser for a passkey and posts the answer with its form.
   The question is in data-options, or fetched from data-ask; data-make makes a new passkey. */

const known = () => window.isSecureContext && "PublicKeyCredential" in window;

/** base64url, as WebAuthn's JSON has it, to bytes and back. */
const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");

const named = (list = []) => list.map((each) => ({ ...each, id: bytes(each.id) }));

function question({ publicKey }) {
  const asked = { ...publicKey, challenge: bytes(publicKey.challenge) };
  if (publicKey.user) asked.user = { ...publicKey.user, id: bytes(publicKey.user.id) };
  if (publicKey.excludeCredentials) asked.excludeCredentials = named(publicKey.excludeCredentials);
  if (publicKey.allowCredentials) asked.allowCredentials = named(publicKey.allowCredentials);
  return { publicKey: asked };
}

function answer(credential) {
  const said = credential.response;
  const response = { clientDataJSON: text(said.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (said[part]) response[part] = text(said[part]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

class PassKey extends HTMLElement {
  connectedCallback() {
    if (!known()) return;
    this.hidden = false;
    this.closest("form").querySelector("[data-no-passkeys]")?.setAttribute("hidden", "");
    this.addEventListener("click", (event) => {
      if (event.target.closest("[data-passkey]")) this.ask();
    });
  }

  async ask() {
    const form = this.closest("form");
    const failed = this.querySelector("[data-failed]");
    const button = this.querySelector("[data-passkey]");
    failed.hidden = true;
    button.setAttribute("aria-busy", "true");
    try {
      const options = question(await this.options());
      const made = "make" in this.dataset;
      const credential = await navigator.credentials[made ? "create" : "get"](options);
      const field = form.querySelector("[data-credential]") ?? form.elements.credential;
      field.value = answer(credential);
      // The code beside it is not wanted now; submit() asks no field whether it is filled.
      form.submit();
    } catch {
      failed.hidden = false;
      button.removeAttribute("aria-busy");
    }
  }

  async options() {
    if (this.dataset.options) return JSON.parse(this.dataset.options);
    const response = await fetch(this.dataset.ask, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(response.status);
    return response.json();
  }
}

customElements.define("pass-key", PassKey);
