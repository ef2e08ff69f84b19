// Behaviour of the frame and the components. No inline handlers anywhere: everything is found by data attributes, by
// delegation, so that fragments which htmx brings in work without being set up.
(function () {
  "use strict";
  const root = document.documentElement;

  // --- theme ------------------------------------------------------------------------------------------------------
  function showTheme() {
    const chosen = root.dataset.theme || "";
    document.querySelectorAll("[data-theme-set]").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.themeSet === chosen));
    });
  }
  function setTheme(name) {
    if (name) root.dataset.theme = name;
    else delete root.dataset.theme;
    try {
      if (name) localStorage.setItem("kaiji-theme", name);
      else localStorage.removeItem("kaiji-theme");
    } catch (error) {
      // Storage forbidden: the choice lasts for this page.
    }
    showTheme();
    document.dispatchEvent(new CustomEvent("kaiji:theme"));
  }
  showTheme();
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    document.dispatchEvent(new CustomEvent("kaiji:theme"));
  });

  // --- phone: rail as a drawer --------------------------------------------------------------------------------------
  const scrim = document.querySelector("[data-rail-close]");
  let railOpener = null;
  function setRail(open, opener) {
    root.classList.toggle("rail-open", open);
    if (scrim) scrim.hidden = !open;
    document.querySelectorAll("[data-rail-open]").forEach((b) => b.setAttribute("aria-expanded", String(open)));
    if (open) {
      railOpener = opener;
      const first = document.querySelector("#rail a");
      if (first) first.focus();
    } else if (railOpener) {
      railOpener.focus();
      railOpener = null;
    }
  }

  // --- confirm ------------------------------------------------------------------------------------------------------
  const confirmDialog = document.getElementById("confirm");
  let confirmed = null;
  function ask(sentence, label, danger, then) {
    confirmDialog.querySelector("#confirm-text").textContent = sentence;
    const yes = confirmDialog.querySelector("[data-confirm-yes]");
    yes.textContent = label || yes.dataset.label;
    yes.classList.toggle("btn-danger", danger);
    confirmed = then;
    confirmDialog.showModal();
  }

  function closeMenus(except) {
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
      if (menu !== except) menu.open = false;
    });
  }

  document.addEventListener("click", (event) => {
    const at = event.target;
    if (!(at instanceof Element)) return;
    closeMenus(at.closest("details[data-menu]"));
    if (!at.closest("[data-search-form], [data-search-open]")) closeSearch();

    const theme = at.closest("[data-theme-set]");
    if (theme) return setTheme(theme.dataset.themeSet);

    const toast = at.closest("[data-toast-close]");
    if (toast) return toast.closest("[data-toast]").remove();

    const railOpen = at.closest("[data-rail-open]");
    if (railOpen) return setRail(true, railOpen);
    if (at.closest("[data-rail-close]")) return setRail(false);

    if (at.closest("[data-search-open]")) {
      root.classList.add("search-open");
      const box = document.querySelector("[data-search]");
      if (box) box.focus();
      return;
    }

    const opener = at.closest("[data-dialog-open]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.dialogOpen);
      if (dialog) dialog.showModal();
      return;
    }
    if (at.closest("[data-confirm-yes]")) {
      confirmDialog.close();
      const then = confirmed;
      confirmed = null;
      if (then) then();
      return;
    }
    const closer = at.closest("[data-dialog-close]");
    if (closer) return closer.closest("dialog").close();
    // A click on the backdrop lands on the dialog itself, outside its box.
    if (at instanceof HTMLDialogElement && at.open) {
      const box = at.getBoundingClientRect();
      const inside =
        event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
      // Enter in a field clicks a button at 0,0; that is no click on the backdrop.
      if (!inside && event.detail > 0) at.close();
      return;
    }

    const link = at.closest("a[data-confirm]:not([hx-get], [hx-post], [hx-delete])");
    if (link) {
      event.preventDefault();
      ask(link.dataset.confirm, link.dataset.confirmLabel, link.hasAttribute("data-confirm-danger"), () => {
        window.location.assign(link.href);
      });
      return;
    }

    const print = at.closest("[data-print]");
    if (print) return window.print();

    const copy = at.closest("[data-copy]");
    if (copy && navigator.clipboard) {
      navigator.clipboard.writeText(copy.dataset.copy).then(() => copy.setAttribute("data-copied", ""));
      return;
    }

    const sorter = at.closest("table[data-sortable] th button.sort");
    if (sorter) return sortBy(sorter.closest("th"));

    // A row opens its link; real links, buttons and selected text inside it stay what they are.
    const row = at.closest("tr.row-link");
    if (row && !at.closest("a, button, input, label, select, summary") && !String(window.getSelection())) {
      const target = row.querySelector("a.row-target");
      if (target) {
        if (event.metaKey || event.ctrlKey) window.open(target.href, "_blank", "noopener");
        else target.click();
      }
    }
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const submitter = event.submitter;
    const source = submitter && submitter.dataset.confirm ? submitter : form.dataset.confirm ? form : null;
    if (source && !form.dataset.confirmed) {
      event.preventDefault();
      event.stopImmediatePropagation();
      ask(source.dataset.confirm, source.dataset.confirmLabel, source.hasAttribute("data-confirm-danger"), () => {
        form.dataset.confirmed = "yes";
        form.requestSubmit(submitter || undefined);
      });
      return;
    }
    delete form.dataset.confirmed;
    // A second click while the first is on its way would post twice. htmx forms guard themselves.
    if (form.method === "post" && !form.hasAttribute("hx-post") && !event.defaultPrevented) {
      if (form.dataset.sent) return event.preventDefault();
      form.dataset.sent = "yes";
      // An answer that is a file leaves the page standing; the form must work again.
      setTimeout(() => delete form.dataset.sent, 8000);
    }
  }, true);
  // Coming back by the back button brings the page as it was left.
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });

  // Fields that send their form as soon as they change: filters, language.
  document.addEventListener("change", (event) => {
    const field = event.target.closest("[data-autosubmit]");
    if (field && field.form) field.form.requestSubmit();
  });

  // --- keys ---------------------------------------------------------------------------------------------------------
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable='true']");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const box = document.querySelector("[data-search]");
      if (box) {
        event.preventDefault();
        root.classList.add("search-open");
        box.focus();
        box.select();
      }
    } else if (event.key === "Escape") {
      const menu = document.querySelector("details[data-menu][open]");
      if (menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
      } else if (root.classList.contains("rail-open")) setRail(false);
      else leaveSearch(event);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const menu = event.target.closest("details[data-menu][open]");
      if (!menu) return walkSearch(event);
      event.preventDefault();
      const items = [...menu.querySelectorAll(".menu-list a, .menu-list button")].filter((item) => item.offsetParent);
      const step = event.key === "ArrowDown" ? 1 : -1;
      const at = items.indexOf(document.activeElement);
      const next = items[at < 0 && step < 0 ? items.length - 1 : (at + step + items.length) % items.length];
      if (next) next.focus();
    }
  });
  document.addEventListener("focusout", (event) => {
    if (event.target.matches("[data-search]") && !event.target.value) root.classList.remove("search-open");
  });

  // --- search -------------------------------------------------------------------------------------------------------
  // The results under the box are links: arrows walk from the box through them, Enter follows the one in focus, and in
  // the box it sends the form to the page with all of them.
  function closeSearch() {
    document.querySelectorAll(".search-live").forEach((list) => list.classList.add("is-closed"));
    root.classList.remove("search-open");
  }
  function openSearch(box) {
    const list = document.getElementById(box.getAttribute("aria-controls"));
    if (list) list.classList.remove("is-closed");
  }
  function searchOf(element) {
    const box = element.matches("[data-search][aria-controls]")
      ? element
      : [...document.querySelectorAll("[data-search][aria-controls]")].find((one) => {
          const list = document.getElementById(one.getAttribute("aria-controls"));
          return list && list.contains(element);
        });
    return box ? { box, list: document.getElementById(box.getAttribute("aria-controls")) } : null;
  }
  function leaveSearch(event) {
    const found = searchOf(event.target);
    if (!found) return;
    const { box, list } = found;
    // The browser's own Escape empties the box, and with it goes what was typed.
    event.preventDefault();
    const shown = list.matches(".search-live:not(.is-closed, :empty)");
    if (event.target !== box) box.focus();
    else if (!shown) {
      box.blur();
      root.classList.remove("search-open");
    }
    // Last, as the box opens its list when the focus comes to it.
    if (shown) list.classList.add("is-closed");
  }
  function walkSearch(event) {
    const found = searchOf(event.target);
    if (!found) return;
    const { box, list } = found;
    openSearch(box);
    const stops = [box, ...list.querySelectorAll("[data-search-hit]")];
    if (stops.length < 2) return;
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    const next = stops[(stops.indexOf(document.activeElement) + step + stops.length) % stops.length];
    next.focus();
    // Or the cursor would stand before what was typed.
    if (next === box) box.setSelectionRange(box.value.length, box.value.length);
  }
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("[data-search][aria-controls]")) openSearch(event.target);
    else if (!event.target.closest("[data-search-form], [data-search-open]")) closeSearch();
  });
  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-search][aria-controls]")) openSearch(event.target);
  });

  // --- tables that are whole on the page sort here; paged ones sort on the server by a link --------------------------
  const collator = new Intl.Collator(root.lang || "zh", { numeric: true });
  function sortBy(head) {
    const table = head.closest("table");
    const column = [...head.parentElement.children].indexOf(head);
    const down = head.getAttribute("aria-sort") === "ascending";
    head.parentElement.querySelectorAll("th[aria-sort]").forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const key = (row) => {
      const cell = row.children[column];
      return cell ? (cell.dataset.sort !== undefined ? cell.dataset.sort : cell.textContent.trim()) : "";
    };
    const body = table.tBodies[0];
    [...body.rows]
      .map((row) => [key(row), row])
      .sort(([a], [b]) => {
        // Negative numbers too: the collator does not read a sign.
        const numbers = a !== "" && b !== "" && !isNaN(a) && !isNaN(b);
        const order = numbers ? Number(a) - Number(b) : collator.compare(a, b);
        return down ? -order : order;
      })
      .forEach(([, row]) => body.append(row));
  }

  // --- toasts -------------------------------------------------------------------------------------------------------
  function settleToasts(scope) {
    scope.querySelectorAll("[data-toast-brief]").forEach((toast) => {
      toast.removeAttribute("data-toast-brief");
      // Good news leaves by itself; warnings and errors stay until read.
      setTimeout(() => toast.remove(), 6000);
    });
  }
  settleToasts(document);

  // --- a refused sign-in: the name stands, the password is to be typed again -----------------------------------------
  const refused = document.querySelector("[data-focus-next]");
  if (refused) {
    const field = document.getElementById(refused.dataset.focusNext);
    if (field) field.focus();
  }

  // --- tabs: on a phone the current one may stand beyond the edge ----------------------------------------------------
  document.querySelectorAll(".tabs [aria-current='page'], .tabs [aria-selected='true']").forEach((tab) => {
    const tabs = tab.parentElement;
    tabs.scrollLeft = tab.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - tab.offsetWidth) / 2;
  });

  // --- htmx ---------------------------------------------------------------------------------------------------------
  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.querySelector("meta[name='csrf-token']");
    if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token.content;
  });
  // data-confirm on a lone htmx button or link; forms are asked about at submit.
  document.addEventListener("htmx:confirm", (event) => {
    const at = event.detail.elt;
    if (!at.dataset.confirm || at.matches("form") || at.form) return;
    event.preventDefault();
    ask(at.dataset.confirm, at.dataset.confirmLabel, at.hasAttribute("data-confirm-danger"), () => {
      event.detail.issueRequest(true);
    });
  });
  // Answers that explain a refusal are drawn like any other.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const status = event.detail.xhr.status;
    if (status === 422 || status === 409) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    settleToasts(document);
    showTheme();
    const ended = event.detail.elt.closest ? event.detail.elt.closest("[data-job-next]") : null;
    const job = ended || event.detail.elt.querySelector("[data-job-next]");
    if (job && job.dataset.jobNext) window.location.assign(job.dataset.jobNext);
  });
})();
