(function () {
  "use strict";
  var root = document.documentElement;
  var wanted = JSON.parse(document.getElementById("figures").textContent);
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  var button = document.querySelector("button.theme");

  var shown = "", folded = [], isPrinted = false;
  var PAPER_PX = 660, PAIR_PX = 312, NARROW_PX = 520, LINE_PX = 19;

  function load() {
    var packed = document.getElementById("plotly");
    if (!packed) { return Promise.resolve(); }
    if (!window.DecompressionStream) { return Promise.reject(); }
    var bytes = Uint8Array.from(atob(packed.textContent), function (c) { return c.charCodeAt(0); });
    packed.remove();
    var whole = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(whole).text().then(function (text) {
      var library = document.createElement("script");
      library.textContent = text;
      document.head.appendChild(library).remove();
    });
  }
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
      if (isPrinted) { layout.width = place.closest(".pair") ? PAIR_PX : PAPER_PX; }
      layout.autosize = !isPrinted;
      layout.height = isPrinted ? 0.7 * figure.height : figure.height;
      if (place.clientWidth < NARROW_PX && figure.data.length > 2) {
        layout.legend = { orientation: "v", x: 0, y: -0.2, yanchor: "top" };
        layout.height += LINE_PX * figure.data.length;
      }
      layout.paper_bgcolor = "rgba(0,0,0,0)";
      layout.plot_bgcolor = "rgba(0,0,0,0)";
      layout.font = { family: getComputedStyle(document.body).fontFamily, size: 12, color: value("text.secondary") };
      layout.modebar = { bgcolor: "rgba(0,0,0,0)", color: value("text.muted"), activecolor: value("accent.text") };
      if (layout.xaxis.rangeslider) {
        layout.xaxis.rangeslider.bgcolor = value("bg.window");
        layout.xaxis.rangeslider.bordercolor = value("border.subtle");
        layout.xaxis.rangeslider.borderwidth = 1;
      }
      layout.hoverlabel = { bgcolor: value("bg.raised"), bordercolor: value("border.strong"), font: { color: value("text.primary") }, namelength: -1 };
      window.Plotly.react(place, painted(figure.data), layout, {
        responsive: true, displaylogo: false, scrollZoom: false,
        displayModeBar: window.matchMedia("(hover: hover)").matches ? "hover" : false,
        modeBarButtons: [["zoomIn2d", "zoomOut2d", "resetScale2d"], ["toImage"]],
        toImageButtonOptions: { format: "svg", filename: "hpe-studio-" + figure.id }
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
  window.addEventListener("beforeprint", function () {
    shown = root.dataset.theme;
    root.dataset.theme = "light";
    isPrinted = true;
    folded = Array.from(document.querySelectorAll("details:not([open])"));
    folded.forEach(function (one) { one.open = true; });
    draw();
  });
  window.addEventListener("afterprint", function () {
    if (shown) { root.dataset.theme = shown; } else { delete root.dataset.theme; }
    isPrinted = false;
    folded.forEach(function (one) { one.open = false; });
    draw();
  });
  named();
  load().then(draw, function () {
    wanted.forEach(function (figure) {
      var told = document.createElement("p");
      told.textContent = "This browser is too old to draw the figure.";
      document.getElementById("figure-" + figure.id).replaceChildren(told);
    });
  });
}());
