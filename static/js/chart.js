// Draws every [data-chart] from its JSON with colours of the tokens, and again when the theme changes.
// A string "token:name" anywhere in the option becomes the value of --name.
(function () {
  "use strict";
  const charts = new Map();
  let styles = getComputedStyle(document.documentElement);
  const token = (name) => styles.getPropertyValue("--" + name).trim();

  function resolve(value) {
    if (typeof value === "string") return value.startsWith("token:") ? token(value.slice(6)) : value;
    if (Array.isArray(value)) return value.map(resolve);
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner)]));
    }
    return value;
  }

  function theme() {
    const axis = {
      axisLine: { lineStyle: { color: token("line-strong") } },
      axisTick: { show: false },
      axisLabel: { color: token("text-3") },
      splitLine: { lineStyle: { color: token("line") } },
      nameTextStyle: { color: token("text-3") },
    };
    return {
      color: [1, 2, 3, 4, 5, 6].map((n) => token("chart-" + n)),
      backgroundColor: "transparent",
      textStyle: { fontFamily: token("font"), fontSize: 12, color: token("text-2") },
      grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
      legend: { textStyle: { color: token("text-2") }, itemWidth: 12, itemHeight: 8, top: 0, left: 0 },
      tooltip: {
        backgroundColor: token("raised"),
        borderColor: token("line"),
        textStyle: { color: token("text"), fontSize: 12 },
      },
      categoryAxis: { ...axis, splitLine: { show: false } },
      valueAxis: { ...axis, axisLine: { show: false } },
      timeAxis: axis,
      line: { symbolSize: 5, lineStyle: { width: 2 } },
      bar: { barMaxWidth: 28, itemStyle: { borderRadius: 2 } },
    };
  }

  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  function draw(box) {
    const source = document.getElementById(box.dataset.chart);
    if (!source || !window.echarts) return;
    const old = charts.get(box);
    if (old) old.dispose();
    box.textContent = "";
    const chart = window.echarts.init(box, theme(), { renderer: "svg" });
    chart.setOption({ animation: !calm && !old, ...resolve(JSON.parse(source.textContent)) });
    chart.on("click", (event) => {
      // A point of data may say what it is made of.
      if (event.data && event.data.url) window.location.assign(event.data.url);
    });
    charts.set(box, chart);
    sizes.observe(box);
  }

  const sizes = new ResizeObserver((entries) => {
    entries.forEach(({ target }) => {
      const chart = charts.get(target);
      if (chart && !chart.isDisposed()) chart.resize();
    });
  });

  function drawAll() {
    styles = getComputedStyle(document.documentElement);
    charts.forEach((chart, box) => {
      if (!box.isConnected) {
        chart.dispose();
        charts.delete(box);
      }
    });
    document.querySelectorAll("[data-chart]").forEach(draw);
  }
  drawAll();
  document.addEventListener("kaiji:theme", drawAll);
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.elt.querySelector("[data-chart]")) drawAll();
  });
})();
