// The stripboard: choosing, dragging and the keys. Every change is posted with the version it was made against; the
// answer brings the columns and panels it touched. A change against an older version is refused and the board reloads.
(function () {
  "use strict";
  const page = document.querySelector("[data-board]");
  if (!page) return;
  const editable = page.hasAttribute("data-editable");
  const scroll = page.querySelector("[data-scroll]");
  let version = Number(page.dataset.version);
  let anchor = null;
  let held = [];

  const strips = (within) => [...(within || page).querySelectorAll(".bstrip")];
  const chosen = () => strips().filter((strip) => strip.getAttribute("aria-selected") === "true");
  const idOf = (strip) => Number(strip.dataset.scene);
  const column = (strip) => strip.closest(".bday");
  const columns = () => [...page.querySelectorAll(".bday")];

  // --- choosing ---------------------------------------------------------------------------------------------------
  function choose(strip, on) {
    strip.setAttribute("aria-selected", String(on));
  }
  function chooseOnly(strip) {
    chosen().forEach((other) => choose(other, false));
    if (strip) choose(strip, true);
    anchor = strip;
  }
  function focusOn(strip) {
    strips().forEach((other) => (other.tabIndex = -1));
    strip.tabIndex = 0;
    strip.focus({ preventScroll: true });
    strip.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  function chooseTo(strip) {
    const from = anchor && anchor.isConnected && column(anchor) === column(strip) ? anchor : strip;
    const list = strips(column(strip)).filter((other) => !other.classList.contains("is-out"));
    const [low, high] = [list.indexOf(from), list.indexOf(strip)].sort((a, b) => a - b);
    chosen().forEach((other) => choose(other, false));
    list.slice(low, high + 1).forEach((other) => choose(other, true));
    anchor = from;
  }
  page.addEventListener("click", (event) => {
    const strip = event.target.closest(".bstrip");
    if (!strip) return;
    if (event.shiftKey) chooseTo(strip);
    else if (event.ctrlKey || event.metaKey) {
      choose(strip, strip.getAttribute("aria-selected") !== "true");
      anchor = strip;
    } else chooseOnly(strip);
    focusOn(strip);
  });

  // --- telling the server -------------------------------------------------------------------------------------------
  let line = Promise.resolve();
  function send(url, body) {
    // One after the other: each change is made against the version that the one before it left.
    line = line.then(() => post(url, body));
    return line;
  }
  async function post(url, body) {
    page.classList.add("is-busy");
    try {
      const token = document.querySelector("meta[name='csrf-token']").content;
      const answer = await fetch(url, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token, Accept: "application/json" },
        body: JSON.stringify({ version, ...body }),
      });
      const data = await answer.json();
      if (!answer.ok) return refuse(data.message, true);
      version = data.version;
      document.querySelectorAll("[data-version-field]").forEach((field) => (field.value = version));
      if (data.reload) return window.location.reload();
      draw(data.fragments);
    } catch (error) {
      refuse(page.dataset.sayOffline, true);
    } finally {
      page.classList.remove("is-busy");
    }
  }
  function refuse(message, reload) {
    const toast = document.createElement("div");
    toast.className = "toast tone-bad";
    toast.setAttribute("data-toast", "");
    const text = document.createElement("div");
    text.className = "grow";
    text.textContent = message;
    toast.append(text);
    if (reload) {
      // What the page shows is not what the server has; moving on from here would only be refused again.
      const button = document.createElement("button");
      button.className = "btn btn-s";
      button.type = "button";
      button.textContent = page.dataset.sayReload;
      button.addEventListener("click", () => window.location.reload());
      toast.append(button);
      page.removeAttribute("data-editable");
      sortables.forEach((sortable) => sortable.option("disabled", true));
    }
    document.getElementById("toasts").append(toast);
  }
  function draw(fragments) {
    const keep = new Set(chosen().map(idOf));
    const focused = document.activeElement && document.activeElement.closest(".bstrip");
    const focusId = focused ? idOf(focused) : null;
    const open = new Set([...page.querySelectorAll(".bcost[open] summary > span:first-child")].map((s) => s.textContent));
    for (const [id, html] of Object.entries(fragments)) {
      const old = document.getElementById(id);
      if (!old) continue;
      const holder = document.createElement("template");
      holder.innerHTML = html.trim();
      const fresh = holder.content.firstElementChild;
      old.replaceWith(fresh);
      fresh.querySelectorAll(".bcost").forEach((cost) => {
        if (open.has(cost.querySelector("summary > span").textContent)) cost.open = true;
      });
    }
    // Strips that moved may stand twice until all columns are drawn; now each stands once.
    strips().forEach((strip) => choose(strip, keep.has(idOf(strip))));
    setUp();
    filter();
    const again = focusId && strips().find((strip) => idOf(strip) === focusId);
    if (again) focusOn(again);
  }

  function move(ids, dayId, position) {
    return send(page.dataset.moveUrl, { scene_ids: ids, day_id: dayId, position });
  }
  const dayOf = (section) => (section.dataset.day ? Number(section.dataset.day) : null);

  // --- dragging -----------------------------------------------------------------------------------------------------
  let sortables = [];
  function setUp() {
    if (!strips().some((strip) => strip.tabIndex === 0) && strips()[0]) strips()[0].tabIndex = 0;
    if (!editable || !window.Sortable || !page.hasAttribute("data-editable")) return;
    sortables = sortables.filter((sortable) => sortable.el && sortable.el.isConnected);
    page.querySelectorAll("[data-list]").forEach((list) => {
      if (window.Sortable.get(list)) return;
      sortables.push(
        window.Sortable.create(list, {
          group: "strips",
          draggable: ".bstrip",
          animation: 120,
          delay: 180,
          delayOnTouchOnly: true,
          ghostClass: "is-ghost",
          scroll: scroll,
          scrollSensitivity: 80,
          onStart(event) {
            if (event.item.getAttribute("aria-selected") !== "true") chooseOnly(event.item);
            // In board order, before the drag takes one of them elsewhere.
            held = chosen().map(idOf);
            event.item.classList.add("is-held");
            if (held.length > 1) event.item.dataset.count = held.length;
            page.classList.add("is-dragging");
          },
          onEnd(event) {
            page.classList.remove("is-dragging");
            event.item.classList.remove("is-held");
            delete event.item.dataset.count;
            const ids = held;
            if (event.from === event.to && event.oldIndex === event.newIndex && ids.length < 2) return;
            const before = strips(event.to).slice(0, strips(event.to).indexOf(event.item));
            const position = before.filter((strip) => !ids.includes(idOf(strip))).length;
            move(ids, dayOf(event.to.closest(".bday")), position);
          },
        }),
      );
    });
  }

  // --- keys ---------------------------------------------------------------------------------------------------------
  function neighbour(strip, sideways) {
    const all = columns();
    let at = all.indexOf(column(strip)) + sideways;
    const level = strip.getBoundingClientRect().top;
    for (; at >= 0 && at < all.length; at += sideways) {
      const there = strips(all[at]).filter((other) => !other.classList.contains("is-out"));
      if (there.length) {
        return there.reduce((best, other) =>
          Math.abs(other.getBoundingClientRect().top - level) < Math.abs(best.getBoundingClientRect().top - level) ? other : best,
        );
      }
    }
    return null;
  }
  function shift(strip, key) {
    const moving = chosen().length ? chosen() : [strip];
    const ids = moving.map(idOf);
    const here = column(strip);
    if (key === "ArrowLeft" || key === "ArrowRight") {
      const all = columns();
      const to = all[all.indexOf(here) + (key === "ArrowLeft" ? -1 : 1)];
      if (to) move(ids, dayOf(to), 10 ** 6);
      return;
    }
    const stay = strips(here).filter((other) => !ids.includes(idOf(other)));
    const before = strips(here).slice(0, strips(here).indexOf(moving[0])).filter((other) => stay.includes(other)).length;
    const position = before + (key === "ArrowUp" ? -1 : 1);
    if (dayOf(here) !== null && position >= 0 && position <= stay.length) move(ids, dayOf(here), position);
  }
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, textarea, select, dialog[open], [contenteditable='true']")) return;
    const strip = event.target.closest(".bstrip");
    if (!event.ctrlKey && !event.metaKey && !event.altKey && editable && event.key.toLowerCase() === "u") {
      event.preventDefault();
      send(page.dataset.undoUrl, { redo: event.shiftKey });
      return;
    }
    if (event.key === "Escape" && chosen().length) return chooseOnly(null);
    if (!strip) return;
    if (event.altKey && event.key.startsWith("Arrow")) {
      event.preventDefault();
      if (editable) shift(strip, event.key);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const list = strips(column(strip)).filter((other) => !other.classList.contains("is-out"));
      const next = list[list.indexOf(strip) + (event.key === "ArrowDown" ? 1 : -1)];
      if (!next) return;
      focusOn(next);
      if (event.shiftKey) chooseTo(next);
      else chooseOnly(next);
    } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      event.preventDefault();
      const next = neighbour(strip, event.key === "ArrowLeft" ? -1 : 1);
      if (!next) return;
      focusOn(next);
      chooseOnly(next);
    } else if (event.key === " ") {
      event.preventDefault();
      choose(strip, strip.getAttribute("aria-selected") !== "true");
      anchor = strip;
    } else if (editable && !event.ctrlKey && !event.metaKey && event.key.toLowerCase() === "m") {
      event.preventDefault();
      if (!chosen().length) chooseOnly(strip);
      document.getElementById("move-dialog").showModal();
      const days = [...document.querySelectorAll("[data-move-to]")];
      const here = days.findIndex((day) => day.value === column(strip).dataset.day);
      days[Math.min(here + 1, days.length - 1)].focus();
    } else if (editable && !event.ctrlKey && !event.metaKey && event.key.toLowerCase() === "p") {
      event.preventDefault();
      const moving = chosen().length ? chosen() : [strip];
      const pinned = !moving.every((other) => other.classList.contains("is-pinned"));
      send(page.dataset.pinUrl, { scene_ids: moving.map(idOf), pinned });
    }
  });

  page.addEventListener("click", (event) => {
    if (event.target.closest("[data-undo]")) send(page.dataset.undoUrl, { redo: false });
    else if (event.target.closest("[data-redo]")) send(page.dataset.undoUrl, { redo: true });
    const edit = event.target.closest("[data-day-edit]");
    if (edit) {
      const form = document.querySelector("[data-day-form]");
      form.action = edit.dataset.action;
      form.querySelector("[data-day-date]").textContent = edit.dataset.date;
      form.elements.call.value = edit.dataset.call;
      form.elements.hours.value = Number(edit.dataset.limit) / 60;
      document.getElementById("day-dialog").showModal();
    }
    const find = event.target.closest("[data-find]");
    if (find) {
      const strip = strips().find((other) => other.querySelector(".bs-num").textContent === find.dataset.find);
      if (strip) {
        chooseOnly(strip);
        focusOn(strip);
      }
    }
  });
  const moveForm = document.querySelector("[data-move-form]");
  if (moveForm) {
    moveForm.addEventListener("submit", (event) => {
      const to = event.submitter ? event.submitter.value : "";
      const ids = chosen().map(idOf);
      if (event.submitter && ids.length) move(ids, to ? Number(to) : null, 10 ** 6);
    });
    moveForm.addEventListener("keydown", (event) => {
      const days = [...moveForm.querySelectorAll("[data-move-to]")];
      const at = days.indexOf(document.activeElement);
      const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
      if (at < 0 || !step) return;
      event.preventDefault();
      days[(at + step + days.length) % days.length].focus();
    });
  }

  // --- filters and views --------------------------------------------------------------------------------------------
  const filters = [...page.querySelectorAll("[data-filter]")];
  function filter() {
    const wanted = Object.fromEntries(filters.map((field) => [field.dataset.filter, field.value]));
    let shown = 0;
    const all = strips();
    all.forEach((strip) => {
      const fits =
        (!wanted.set || strip.dataset.set === wanted.set) &&
        (!wanted.episode || strip.dataset.episode === wanted.episode) &&
        (!wanted.cast || strip.dataset.cast.includes(` ${wanted.cast} `));
      strip.classList.toggle("is-out", !fits);
      if (fits) shown += 1;
    });
    const any = filters.some((field) => field.value);
    page.querySelector("[data-filter-count]").textContent = any ? `${shown} / ${all.length}` : "";
  }
  filters.forEach((field) => field.addEventListener("change", filter));

  function remembered(name, usual) {
    try {
      return localStorage.getItem(name) || usual;
    } catch (error) {
      return usual;
    }
  }
  function toggle(selector, css, name, on) {
    const button = page.querySelector(selector);
    const show = (value) => {
      page.classList.toggle(css, value);
      button.setAttribute("aria-pressed", String(css === "no-side" ? !value : value));
    };
    show(remembered(name, on ? "1" : "") === "1");
    button.addEventListener("click", () => {
      const value = !page.classList.contains(css);
      show(value);
      try {
        localStorage.setItem(name, value ? "1" : "0");
      } catch (error) {
        // Storage forbidden: it lasts for this page.
      }
    });
  }
  toggle("[data-dense]", "is-dense", "kaiji-board-dense", false);
  toggle("[data-side]", "no-side", "kaiji-board-no-side", false);

  setUp();
})();
