// Tagging by marking the text: words chosen with the mouse, a finger or keys open a menu of kinds beside them.
(function () {
  "use strict";

  // Code points, as the server counts; the browser counts UTF-16 units.
  const points = (text) => Array.from(text).length;
  const box = () => document.querySelector("[data-tagging]");
  const menu = () => document.querySelector("[data-mark-menu]");
  let back = null;

  function textOf(node) {
    const element = node && (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement);
    return element ? element.closest("[data-line-text]") : null;
  }

  // What is chosen, cut to the line it begins in; null where nothing of a line is.
  function chosen() {
    const selection = window.getSelection();
    if (!box() || !selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0).cloneRange();
    let line = textOf(range.startContainer);
    if (!line) {
      line = [...box().querySelectorAll("[data-line-text]")].find((each) => range.intersectsNode(each));
      if (!line) return null;
      range.setStart(line, 0);
    }
    if (!line.contains(range.endContainer)) range.setEnd(line, line.childNodes.length);
    const words = range.toString();
    const blanks = words.length - words.trimStart().length;
    const kept = words.trim();
    if (!kept) return null;
    const before = document.createRange();
    before.selectNodeContents(line);
    before.setEnd(range.startContainer, range.startOffset);
    return {
      line: line.closest("[data-line]"),
      words: kept,
      start: points(before.toString()) + points(words.slice(0, blanks)),
      length: points(kept),
      at: range.getBoundingClientRect(),
    };
  }

  function openMenu(picked, take) {
    const form = menu();
    if (!form || !picked) return;
    // By name: `elements.length` is how many there are.
    const fill = (name, value) => {
      form.elements.namedItem(name).value = value;
    };
    fill("line", picked.line.dataset.line);
    fill("start", picked.start);
    fill("length", picked.length);
    fill("words", picked.words);
    fill("name", picked.words.replace(/\s+/g, " ").slice(0, 80));
    form.hidden = false;
    back = picked.line.dataset.line;
    const frame = box().getBoundingClientRect();
    const left = Math.min(picked.at.left - frame.left, frame.width - form.offsetWidth);
    form.style.left = `${Math.max(0, left)}px`;
    form.style.top = `${picked.at.bottom - frame.top + 6}px`;
    if (take) form.querySelector(".mark-kind").focus();
  }
  function closeMenu(refocus) {
    const form = menu();
    if (!form || form.hidden) return;
    form.hidden = true;
    if (refocus) focusLine();
  }
  function focusLine() {
    const line = back !== null && box() ? box().querySelector(`[data-line="${back}"]`) : null;
    if (line) line.focus({ preventScroll: true });
  }

  // A finger's choice grows by its handles, so the menu waits until it rests.
  let resting = null;
  document.addEventListener("selectionchange", () => {
    clearTimeout(resting);
    if (!box() || pressed || keys) return;
    resting = setTimeout(() => openMenu(chosen(), false), 250);
  });
  let pressed = false;
  document.addEventListener("pointerdown", (event) => {
    if (!box()) return;
    pressed = event.pointerType === "mouse";
    keys = false;
    if (!event.target.closest("[data-mark-menu]")) closeMenu(false);
  });
  document.addEventListener("pointerup", (event) => {
    if (!box() || !pressed) return;
    pressed = false;
    if (!event.target.closest("[data-mark-menu]")) openMenu(chosen(), false);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-mark-close]")) closeMenu(true);
  });

  // By keys the choice is a stretch of the line in focus: arrows move it, Shift makes it longer, Enter asks what it is.
  let keys = false;
  let from = 0;
  let size = 1;
  function spot(line, at) {
    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    let left = at;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const letters = Array.from(node.data);
      if (left <= letters.length) return [node, letters.slice(0, left).join("").length];
      left -= letters.length;
    }
    return null;
  }
  function choose(line) {
    const start = spot(line, from);
    const end = spot(line, from + size);
    if (!start || !end) return;
    keys = true;
    window.getSelection().setBaseAndExtent(start[0], start[1], end[0], end[1]);
  }
  document.addEventListener("focusin", (event) => {
    if (!box() || !event.target.matches("[data-line]") || !event.target.matches(":focus-visible")) return;
    from = 0;
    size = 1;
    choose(event.target.querySelector("[data-line-text]"));
  });
  document.addEventListener("keydown", (event) => {
    if (!box()) return;
    if (event.key === "Escape") return closeMenu(true);
    if (!event.target.matches("[data-line]")) return;
    const line = event.target.querySelector("[data-line-text]");
    const all = points(line.textContent);
    if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      event.preventDefault();
      const step = event.key === "ArrowRight" ? 1 : -1;
      if (event.shiftKey) size = Math.min(Math.max(1, size + step), all - from);
      else from = Math.min(Math.max(0, from + step), Math.max(0, all - size));
      choose(line);
    } else if (event.key === "Enter") {
      event.preventDefault();
      openMenu(chosen(), true);
    }
  });

  // The workspace comes back whole; whoever works by keys goes on at the line they were on.
  document.addEventListener("htmx:afterSettle", () => {
    const working = keys;
    pressed = keys = false;
    if (box() && working) focusLine();
  });
})();
