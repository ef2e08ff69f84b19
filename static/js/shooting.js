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

  // In a column the arrows stay in the column.
  function stepInColumn(line, input, by) {
    const other = lines()[lines().indexOf(line) + by];
    const field = other && other.querySelector("input[name$='-" + input.name.split("-").pop() + "']");
    if (!field) return false;
    field.focus();
    field.select();
    return true;
  }

  // What somebody marked is told from what still stands as it was planned.
  function touch(event) {
    const line = event.target.closest("[data-line]");
    if (!line) return;
    line.removeAttribute("data-untouched");
    line.querySelector("input[name$='-touched']").value = "1";
  }
  form.addEventListener("change", touch);
  form.addEventListener("input", touch);

  form.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-log-wrap]"));
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" && event.target.name === "add_scene") {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-log-add]"));
      return;
    }
    const line = event.target.closest("[data-line]");
    if (!line) return;
    const onResult = event.target.matches("input[type=radio]");
    // Enter goes on to the next scene and stays in its column: saving is asked for by its button or with Ctrl.
    if (event.key === "Enter") {
      event.preventDefault();
      return onResult ? step(line, 1) : stepInColumn(line, event.target, 1) || focusTimes();
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const by = event.key === "ArrowDown" ? 1 : -1;
      if (onResult) return step(line, by);
      return stepInColumn(line, event.target, by);
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

  // A saved page comes back where one was, not at its first scene.
  const PLACE = "log-place:" + location.pathname;
  form.addEventListener("submit", () => {
    const at = document.activeElement;
    if (at && at.name && form.contains(at)) sessionStorage.setItem(PLACE, at.name);
  });
  const place = sessionStorage.getItem(PLACE);
  sessionStorage.removeItem(PLACE);
  const back = place && form.querySelector("input[name='" + CSS.escape(place) + "']:is(:checked, :not([type=radio]))");
  const wrong = form.querySelector("[aria-invalid=true]");
  if (wrong) wrong.focus();
  else if (back) back.focus();
  else if (lines().length) focusLine(lines()[0]);
})();
