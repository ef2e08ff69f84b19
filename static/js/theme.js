// Runs before the first paint, so that a chosen theme does not flash. The choice stays on this device.
(function () {
  var chosen = null;
  try {
    chosen = localStorage.getItem("kaiji-theme");
  } catch (error) {
    // Storage may be forbidden; the system's preference holds then.
  }
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
})();
