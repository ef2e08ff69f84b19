// Reading a draft with a verdict: keys for episodes and verdicts, a note on the words that are selected.
(function () {
  "use strict";
  const text = document.querySelector("[data-review-text]");
  const template = document.querySelector("[data-note-template]");

  function selectedLine() {
    const selection = window.getSelection();
    if (!selection || selection.isCollapsed || !selection.anchorNode) return null;
    const at = selection.anchorNode.nodeType === 1 ? selection.anchorNode : selection.anchorNode.parentElement;
    return at && at.closest("[data-line]");
  }

  // Words of one line; a selection that leaves the line, or the text, is the whole line.
  function selectedWords(line) {
    const selection = window.getSelection();
    if (!selection || selectedLine() !== line) return "";
    const words = String(selection).replace(/\s+/g, " ").trim();
    const shown = line.querySelector("p, h3").textContent.replace(/\s+/g, "");
    return words.length <= 300 && shown.includes(words.replace(/\s+/g, "")) ? words : "";
  }

  function openNote(line) {
    if (!template || !line) return;
    const words = selectedWords(line);
    document.querySelectorAll(".note-new").forEach((form) => form.remove());
    const place = line.querySelector(".line-notes");
    place.append(template.content.cloneNode(true));
    const form = place.querySelector(".note-new");
    form.elements.line.value = line.dataset.line;
    form.elements.quote.value = words;
    const quote = form.querySelector("[data-quote]");
    quote.textContent = words;
    quote.hidden = !words;
    form.elements.body.focus();
  }

  document.addEventListener("mousedown", (event) => {
    // Pressing the mark would clear the words that were selected for it.
    if (event.target.closest("[data-note-add]")) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const add = event.target.closest("[data-note-add]");
    if (add && template) {
      event.preventDefault();
      openNote(add.closest("[data-line]"));
    }
    const cancel = event.target.closest("[data-note-cancel]");
    if (cancel) {
      event.preventDefault();
      cancel.closest(".note-new").remove();
    }
  });

  document.addEventListener("keydown", (event) => {
    if (!text || event.ctrlKey || event.metaKey || event.altKey) return;
    const inside = event.target.closest("input, textarea, select, [contenteditable], dialog");
    if (inside) {
      if (event.key === "Escape") inside.blur();
      return;
    }
    const key = event.key.toLowerCase();
    const go = { arrowleft: "[data-key-previous]", arrowright: "[data-key-next]" }[key];
    if (go) {
      const link = document.querySelector(go);
      if (link) link.click();
    } else if (key === "n") {
      const line = selectedLine();
      if (line) {
        event.preventDefault();
        openNote(line);
      }
    } else if (key === "r" && document.querySelector("[data-verdict-form]")) {
      // A return says why: the field takes the cursor, and Return is pressed once it is written.
      const form = document.querySelector("[data-verdict-form]");
      event.preventDefault();
      if (form.elements.reason.value.trim()) form.querySelector('[data-key="r"]').click();
      else form.elements.reason.focus();
    } else if (key === "p" || key === "s") {
      const button = document.querySelector(`[data-verdict-form] [data-key="${key}"]`);
      if (button) button.click();
    }
  });
  document.addEventListener("keydown", (event) => {
    // Enter in the reason returns; the first button of the form would do so too, but only by its place.
    const form = event.target.closest("[data-verdict-form]");
    if (!form || event.key !== "Enter" || event.target.name !== "reason") return;
    event.preventDefault();
    form.querySelector('[data-key="r"]').click();
  });
})();
