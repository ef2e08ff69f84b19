// Two drafts side by side: j and k go from change to change.
(function () {
  "use strict";

  function go(step) {
    const changes = Array.from(document.querySelectorAll("[data-change]"));
    if (!changes.length) return;
    const here = document.activeElement && document.activeElement.closest("[data-change]");
    const at = here ? changes.indexOf(here) + step : step > 0 ? 0 : changes.length - 1;
    const next = changes[Math.max(0, Math.min(changes.length - 1, at))];
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "start" });
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
    if (event.key === "j") go(1);
    else if (event.key === "k") go(-1);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-change-next]")) go(1);
    else if (event.target.closest("[data-change-previous]")) go(-1);
  });
})();
