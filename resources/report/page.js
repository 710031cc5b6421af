(function () {
  "use strict";
  var root = document.documentElement;
  var wanted = JSON.parse(document.getElementById("figures").textContent);
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  var button = document.querySelector("button.theme");

  function value(token) {
    var name = "--" + token.replace(/[._]/g, "-");
    return getComputedStyle(root).getPropertyValue(name).trim() || token;
  }
  function painted(node) {
    if (Array.isArray(node)) { return node.map(painted); }
    if (node === null || typeof node !== "object") { return node; }
    var out = {};
    Object.keys(node).forEach(function (key) {
      var is = /^(color|fillcolor)$/.test(key) && typeof node[key] === "string";
      out[key] = is ? value(node[key]) : painted(node[key]);
    });
    return out;
  }
  function axis(given) {
    return Object.assign({}, given, {
      gridcolor: value("border.subtle"), linecolor: value("border.strong"),
      tickcolor: value("border.strong"), color: value("text.secondary")
    });
  }
  function draw() {
    if (!window.Plotly) { return; }
    wanted.forEach(function (figure) {
      var place = document.getElementById("figure-" + figure.id);
      var layout = painted(figure.layout);
      layout.xaxis = axis(layout.xaxis);
      layout.yaxis = axis(layout.yaxis);
      layout.height = figure.height;
      layout.paper_bgcolor = "rgba(0,0,0,0)";
      layout.plot_bgcolor = "rgba(0,0,0,0)";
      layout.font = { family: getComputedStyle(document.body).fontFamily, size: 12, color: value("text.secondary") };
      layout.hoverlabel = { bgcolor: value("bg.raised"), bordercolor: value("border.strong"), font: { color: value("text.primary") }, namelength: -1 };
      window.Plotly.react(place, painted(figure.data), layout, {
        responsive: true, displaylogo: false, scrollZoom: false,
        modeBarButtonsToRemove: ["lasso2d", "select2d", "autoScale2d"]
      });
    });
  }
  function isDark() {
    return root.dataset.theme ? root.dataset.theme === "dark" : dark.matches;
  }
  function named() { button.textContent = isDark() ? "Light" : "Dark"; }
  button.addEventListener("click", function () {
    root.dataset.theme = isDark() ? "light" : "dark";
    named(); draw();
  });
  dark.addEventListener("change", function () { named(); draw(); });
  named();
  draw();
}());
