// The script room: dropping a file on its field, keys in a row that is edited.
(function () {
  "use strict";

  function showName(zone) {
    const input = zone.querySelector("input[type=file]");
    const name = zone.querySelector("[data-drop-name]");
    if (input.files.length === 1) name.textContent = input.files[0].name;
    if (input.files.length > 1) name.textContent = name.dataset.many.replace("{count}", input.files.length);
    zone.classList.toggle("has-file", input.files.length > 0);
  }
  document.addEventListener("dragover", (event) => {
    const zone = event.target.closest("[data-drop]");
    if (!zone) return;
    event.preventDefault();
    zone.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => {
    const zone = event.target.closest("[data-drop]");
    if (zone && !zone.contains(event.relatedTarget)) zone.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    const zone = event.target.closest("[data-drop]");
    if (!zone) return;
    event.preventDefault();
    zone.classList.remove("over");
    if (!event.dataTransfer.files.length) return;
    zone.querySelector("input[type=file]").files = event.dataTransfer.files;
    showName(zone);
  });
  document.addEventListener("change", (event) => {
    const zone = event.target.closest("[data-drop]");
    if (zone) showName(zone);
  });

  // Escape leaves a row as it was; the first field of an opened row takes the cursor.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const row = event.target.closest("tr.editing");
    if (row) row.querySelector("[data-row-cancel]").click();
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const at = event.detail.elt;
    const row = at.matches("tr") ? at : null;
    if (!row) return;
    const field = row.querySelector("input.input, select.select");
    if (field) field.focus();
    else {
      const pencil = row.querySelector("[hx-get]");
      if (pencil) pencil.focus();
    }
  });
})();
