// The import page: keys that go from fault to fault and decide, and the dialog about a line. The server draws the rest.
(function () {
  "use strict";

  const dialog = document.getElementById("line-dialog");
  // Where the eye is: the line of the fault or text that was decided about last.
  let line = 0;
  let decided = false;

  const desk = () => document.querySelector("[data-desk]");
  const faults = () => [...document.querySelectorAll("[data-fault]")];
  const current = () => document.activeElement.closest("[data-fault]");

  function look(fault) {
    if (!fault) return;
    fault.focus({ preventScroll: true });
    const box = fault.getBoundingClientRect();
    // Below the bars that stay, and not so low that what follows is hidden.
    if (box.top < 150 || box.bottom > window.innerHeight - 80) fault.scrollIntoView({ block: "center" });
  }

  function step(by) {
    const here = faults();
    const at = current();
    const from = at ? Number(at.dataset.line) : line;
    // Without a fault in focus the next one is that below the place decided about last.
    const beyond = (each) => (by > 0 ? Number(each.dataset.line) >= from : Number(each.dataset.line) < from);
    const among = (list, same) => {
      const known = at ? list.findIndex(same) : -1;
      if (known >= 0) return list[known + by];
      const rest = list.filter(beyond);
      return by > 0 ? rest[0] : rest[rest.length - 1];
    };
    const next = among(here, (each) => each === at);
    if (next) return look(next);
    // It stands in another episode: the list at the side knows where. Past the end it begins anew.
    const links = [...document.querySelectorAll("[data-fault-link]")];
    const link = among(links, (each) => each.dataset.at === at.dataset.at) || links[by > 0 ? 0 : links.length - 1];
    if (!link) return;
    const shown = document.getElementById(link.hash.slice(1));
    if (shown) look(shown);
    else window.location.assign(link.href);
  }

  function press(selector, within) {
    const button = (within || document).querySelector(selector);
    if (button && !button.disabled) button.click();
    return Boolean(button);
  }

  // --- after an answer -------------------------------------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    const by = event.target.closest("[data-fault-step]");
    if (by) return step(Number(by.dataset.faultStep));
    const fault = event.target.closest("[data-fault]");
    if (fault) line = Number(fault.dataset.line);
    const more = event.target.closest("[data-line-more]");
    if (more) line = Number((more.closest("[id^='line-']") || { id: "line-0" }).id.slice(5)) || 0;
    const heading = event.target.closest("[data-desk] button[name='decision']");
    decided = Boolean(heading);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "line-dialog-body" && !dialog.open) {
      dialog.showModal();
      const field = dialog.querySelector("input:not([type=hidden]):not([type=checkbox])");
      if (field) field.focus();
    }
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target.id !== "reading") return;
    if (dialog.open) dialog.close();
    const refused = document.querySelector("[data-refused]");
    if (refused) return refused.scrollIntoView({ block: "center" });
    if (!decided) return;
    const next = faults().find((each) => Number(each.dataset.line) >= line) || faults()[0];
    if (next) return look(next);
    // Nothing more here: Enter goes on where the next one stands.
    document.querySelector("[data-fault-step='1']").focus({ preventScroll: true });
  });

  // --- keys ------------------------------------------------------------------------------------------------------------
  document.addEventListener("keydown", (event) => {
    if (!desk() || event.target.closest("input, textarea, select, dialog")) return;
    const command = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (command && key === "z" && !event.altKey) {
      event.preventDefault();
      return void press(event.shiftKey ? "[data-redo]" : "[data-undo]");
    }
    if (command && key === "y") {
      event.preventDefault();
      return void press("[data-redo]");
    }
    if (command && event.key === "Enter") {
      event.preventDefault();
      return void press("[data-import] button");
    }
    if (command || event.altKey || event.shiftKey) return;
    const at = current();
    if (key === "n" || key === "p") step(key === "n" ? 1 : -1);
    else if (key === "a" && at) press("[data-accept]", at);
    else if (key === "i" && at) press("[data-ignore]", at);
    else if (key === "e") {
      const row = document.activeElement.closest("[id^='line-']");
      if (!row || !press("[data-line-more]", row)) return;
    } else return;
    event.preventDefault();
  });

  // A page that was come to for a fault shows it.
  const wanted = document.getElementById(window.location.hash.slice(1));
  if (window.location.hash === "#first-fault") look(faults()[0]);
  else if (wanted && wanted.matches("[data-fault]")) look(wanted);
})();
