// Masters: each chosen file goes up by itself, with its progress, one after the other. Without this script the form
// sends one file as any form does.
(function () {
  "use strict";
  const form = document.querySelector("[data-upload]");
  if (!form) return;
  const list = form.querySelector("[data-uploads]");
  const input = form.querySelector("input[type=file]");
  const drop = form.querySelector("[data-drop]");
  const queue = [];
  let busy = false;

  function line(file) {
    const item = document.createElement("li");
    const name = document.createElement("span");
    name.textContent = file.name;
    const bar = document.createElement("progress");
    bar.max = file.size || 1;
    bar.value = 0;
    const note = document.createElement("span");
    item.append(name, bar, note);
    list.append(item);
    return { file, bar, note };
  }

  function add(files) {
    for (const file of files) queue.push(line(file));
    next();
  }

  function next() {
    if (busy || !queue.length) return;
    busy = true;
    const { file, bar, note } = queue.shift();
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.append("number", form.elements.number.value);
    body.append("file", file);
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = (event.loaded / event.total) * bar.max;
    });
    request.addEventListener("loadend", () => {
      let answer = {};
      try {
        answer = JSON.parse(request.responseText);
      } catch (error) {
        // An answer that is no JSON comes from something in between; the sentence below says what to do.
      }
      if (request.status === 201) {
        bar.value = bar.max;
        const link = document.createElement("a");
        link.href = answer.url;
        link.textContent = answer.episode + " · v" + answer.version + " " + form.dataset.done;
        note.append(link);
        if (window.htmx) window.htmx.ajax("GET", form.action, { target: "#masters", select: "#masters", swap: "outerHTML" });
      } else {
        note.className = "late";
        note.textContent = answer.error || form.dataset.failed;
      }
      busy = false;
      next();
    });
    request.send(body);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    // The frame marks a form as sent to stop a second click; here each click sends other files.
    delete form.dataset.sent;
    add([...input.files]);
    input.value = "";
  }, true);
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    add([...event.dataTransfer.files]);
  });
})();
