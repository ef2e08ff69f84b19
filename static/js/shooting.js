// Logging a shoot day by keyboard: one key a scene. Everything it does is also in the form without it.
(function () {
  "use strict";
  const form = document.querySelector("[data-log]");
  if (!form) return;

  // The admin marks its theme by a class of its own; the tokens go by data-theme.
  const root = document.documentElement;
  if (form.closest("[data-admin-theme]")) {
    const follow = () => (root.dataset.theme = root.classList.contains("dark") ? "dark" : "light");
    follow();
    new MutationObserver(follow).observe(root, { attributeFilter: ["class"] });
  }

  const lines = () => [...form.querySelectorAll("[data-line]")];
  const RESULTS = { 1: "shot", s: "shot", 2: "part", p: "part", 3: "owed", o: "owed" };

  function focusLine(line) {
    if (!line) return;
    const radio = line.querySelector("input[type=radio]:checked") || line.querySelector("input[type=radio]");
    radio.focus({ preventScroll: true });
    line.scrollIntoView({ block: "nearest" });
  }
  // Past the last scene come the times: the first of them that is still empty.
  function focusTimes() {
    const times = [...form.querySelectorAll(".log-times input")];
    const next = times.find((input) => !input.value) || times[times.length - 1];
    next.focus();
    next.select();
  }
  function step(line, by) {
    const all = lines();
    const at = all.indexOf(line) + by;
    if (at >= all.length) focusTimes();
    else focusLine(all[Math.max(0, at)]);
  }

  form.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-log-wrap]"));
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const line = event.target.closest("[data-line]");
    if (!line) return;
    const onResult = event.target.matches("input[type=radio]");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const by = event.key === "ArrowDown" ? 1 : -1;
      if (onResult) return step(line, by);
      // In a column the arrows stay in the column.
      const name = event.target.name.split("-").pop();
      const other = lines()[lines().indexOf(line) + by];
      const field = other && other.querySelector("input[name$='-" + name + "']");
      if (field) {
        field.focus();
        field.select();
      }
      return;
    }
    if (!onResult) return;
    // An input method that is switched on hides the letter; the key itself is still told.
    const result = RESULTS[event.key.toLowerCase()] || RESULTS[event.code.replace(/^(Key|Digit|Numpad)/, "").toLowerCase()];
    if (!result || event.shiftKey) return;
    event.preventDefault();
    const radio = line.querySelector("input[value='" + result + "']");
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    step(line, 1);
  });

  // The server adds up; the page only shows it.
  const totals = form.querySelector("[data-log-totals]");
  let waiting = null;
  let asked = 0;
  function count() {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const turn = ++asked;
      fetch(form.dataset.totals, { method: "POST", body: new FormData(form), credentials: "same-origin" })
        .then((answer) => (answer.ok ? answer.text() : null))
        .then((html) => {
          if (html !== null && turn === asked) totals.innerHTML = html;
        })
        .catch(() => {});
    }, 250);
  }
  form.addEventListener("change", count);

  // Leaving with unsaved marks is asked about; sending them is not leaving.
  let dirty = false;
  form.addEventListener("input", () => (dirty = true));
  form.addEventListener("change", () => (dirty = true));
  form.addEventListener("submit", () => (dirty = false));
  window.addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });

  const wrong = form.querySelector("[aria-invalid=true]");
  if (wrong) wrong.focus();
  else if (lines().length) focusLine(lines()[0]);
})();
