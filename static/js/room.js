// The check of a document: the file's SHA-256 is reckoned here and never leaves the machine. Where the browser cannot
// (no secure connection), the form sends the file to the server as any form does.
(function () {
  "use strict";
  const subtle = window.crypto && window.crypto.subtle;

  function hex(buffer) {
    return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  for (const form of document.querySelectorAll("form[data-sha256]")) {
    const input = form.querySelector("input[type=file]");
    const answer = form.querySelector("[data-answer]");

    async function check() {
      const file = input.files[0];
      if (!file) return;
      const same = hex(await subtle.digest("SHA-256", await file.arrayBuffer())) === form.dataset.sha256;
      answer.textContent = same ? form.dataset.same : form.dataset.other;
      answer.className = "chip " + (same ? "tone-good" : "tone-bad");
      answer.dataset.state = same ? "same" : "other";
    }

    form.addEventListener("dragover", (event) => {
      event.preventDefault();
      form.classList.add("is-over");
    });
    form.addEventListener("dragleave", () => form.classList.remove("is-over"));
    form.addEventListener("drop", (event) => {
      event.preventDefault();
      form.classList.remove("is-over");
      input.files = event.dataTransfer.files;
      if (subtle) check();
      else form.requestSubmit();
    });
    if (!subtle) continue;
    input.addEventListener("change", check);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      check();
    });
  }
})();
