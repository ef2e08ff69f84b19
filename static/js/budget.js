// The budget's sheet: keys between cells, rows moved and removed, cells pasted from a spreadsheet. What lines come to is
// always asked of the server; nothing is reckoned here.
(function () {
  "use strict";
  const form = document.querySelector("[data-sheet]");
  if (!form) return;
  const fresh = form.querySelector("[data-new]");
  const state = form.querySelector("[data-sheet-state]");
  const FIELDS = ["name", "account", "quantity", "unit", "factor", "rate", "group", "note"];
  const rows = () => [...form.querySelectorAll("tr[data-row]")].filter((row) => !row.hidden);
  const cell = (row, name) => row.querySelector(`[name="${name}"]`);
  let dirty = false;
  let timer = 0;
  let asked = 0;

  // --- what it comes to -----------------------------------------------------------------------------------------
  function changed() {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(reckon, 350);
  }
  async function reckon() {
    const mine = ++asked;
    const all = [...form.querySelectorAll("tr[data-row]")];
    const answer = await fetch(form.dataset.reckon, { method: "POST", body: new FormData(form) }).catch(() => null);
    if (!answer || !answer.ok || mine !== asked) return;
    const found = await answer.json();
    found.rows.forEach((row, at) => {
      if (!all[at]) return;
      all[at].querySelector("[data-amount]").textContent = row.amount;
      const faults = Object.values(row.faults);
      all[at].classList.toggle("line-wrong", faults.length > 0);
      all[at].querySelector("[data-fault]").textContent = faults.join(" · ");
    });
    form.querySelectorAll("[data-sum]").forEach((sum) => {
      sum.textContent = found.accounts[sum.dataset.sum] || "";
    });
    form.querySelector("[data-total]").textContent = found.total;
    state.textContent = "●";
  }

  // --- rows -----------------------------------------------------------------------------------------------------
  function blankRow() {
    const model = fresh.querySelector("tr[data-row]:last-of-type");
    const row = model.cloneNode(true);
    row.hidden = false;
    row.classList.remove("line-wrong");
    row.querySelectorAll("input").forEach((input) => (input.value = ""));
    row.querySelectorAll("select").forEach((select) => (select.selectedIndex = 0));
    row.querySelector("[data-amount]").textContent = "";
    row.querySelector("[data-fault]").textContent = "";
    fresh.append(row);
    return row;
  }
  // There is always a blank row to write on.
  function keepBlank() {
    const last = fresh.querySelector("tr[data-row]:last-of-type");
    if (FIELDS.some((name) => cell(last, name).tagName === "INPUT" && cell(last, name).value)) blankRow();
  }
  function move(row, step) {
    let other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
    while (other && other.hidden) other = step < 0 ? other.previousElementSibling : other.nextElementSibling;
    if (!other || !other.matches("tr[data-row]")) return;
    if (step < 0) other.before(row);
    else other.after(row);
    changed();
  }

  form.addEventListener("click", (event) => {
    const gone = event.target.closest("[data-gone]");
    if (gone) {
      const row = gone.closest("tr");
      const next = rows()[rows().indexOf(row) + 1];
      cell(row, "gone").value = "1";
      row.hidden = true;
      if (next) cell(next, "name").focus();
      keepBlank();
      return changed();
    }
    const mover = event.target.closest("[data-move]");
    if (mover) move(mover.closest("tr"), Number(mover.dataset.move));
  });
  form.addEventListener("input", () => {
    keepBlank();
    changed();
  });

  // --- keys -----------------------------------------------------------------------------------------------------
  form.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      return form.requestSubmit();
    }
    const row = event.target.closest("tr[data-row]");
    if (!row || !event.target.name) return;
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      move(row, event.key === "ArrowUp" ? -1 : 1);
      return event.target.focus();
    }
    const select = event.target.tagName === "SELECT";
    let step = 0;
    if (event.key === "Enter") step = event.shiftKey ? -1 : 1;
    else if (!select && event.key === "ArrowDown") step = 1;
    else if (!select && event.key === "ArrowUp") step = -1;
    if (!step) return;
    event.preventDefault();
    const all = rows();
    const next = all[all.indexOf(row) + step];
    if (!next) return;
    const target = cell(next, event.target.name);
    target.focus();
    if (target.select) target.select();
  });

  // --- cells from a spreadsheet ---------------------------------------------------------------------------------
  function put(field, text) {
    if (field.tagName !== "SELECT") {
      field.value = text;
      return;
    }
    const wanted = text.trim().toLowerCase();
    const option = [...field.options].find((each) => each.text.toLowerCase() === wanted || each.value === wanted);
    if (option) field.value = option.value;
  }
  form.addEventListener("paste", (event) => {
    const text = event.clipboardData ? event.clipboardData.getData("text/plain") : "";
    const row = event.target.closest("tr[data-row]");
    if (!row || !event.target.name || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const lines = text.replace(/\r/g, "").replace(/\n$/, "").split("\n");
    const first = FIELDS.indexOf(event.target.name);
    let at = rows().indexOf(row);
    lines.forEach((line) => {
      const target = rows()[at] || blankRow();
      line.split("\t").forEach((part, place) => {
        const name = FIELDS[first + place];
        if (name) put(cell(target, name), part);
      });
      at += 1;
    });
    keepBlank();
    changed();
  });

  // --- leaving --------------------------------------------------------------------------------------------------
  form.addEventListener("submit", () => {
    dirty = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });
})();
