/* Draws the figures of a page. The numbers are read from the table behind each picture (data-v, data-role), so that
   picture and table cannot differ; the options beside it hold the axis and the words. Kinds: chart-kinds.js. */
(function () {
  "use strict";

  function ownText(node, without) {
    var copy = node.cloneNode(true);
    copy.querySelectorAll(without).forEach(function (part) { part.remove(); });
    return copy.textContent.trim();
  }

  /* {columns: [{role, label, unit, cells: [{v, text, hatch}]}], names: [row heads]} */
  function readTable(table) {
    var columns = Array.prototype.map.call(table.tHead.rows[0].cells, function (th) {
      var unit = th.querySelector(".unit");
      return { role: th.dataset.role || "", label: ownText(th, ".unit"), unit: unit ? unit.textContent : "", cells: [] };
    });
    var names = Array.prototype.map.call(table.tBodies[0].rows, function (tr) {
      var at = 1;
      Array.prototype.slice.call(tr.cells, 1).forEach(function (td) {
        var value = td.dataset.v === undefined ? null : Number(td.dataset.v);
        for (var i = 0; i < td.colSpan; i += 1, at += 1) {
          columns[at].cells.push({ v: value, text: td.textContent.trim(), hatch: td.classList.contains("is-hatch") });
        }
      });
      return ownText(tr.cells[0], ".sub");
    });
    return { columns: columns, names: names };
  }

  function data(figure) {
    var read = readTable(figure.querySelector("[data-tab] table"));
    var script = figure.querySelector("script[type='application/json']");
    read.options = script ? JSON.parse(script.textContent) : {};
    read.by = function (role) { return read.columns.filter(function (c) { return c.role === role; }); };
    read.values = function (role) {
      var column = read.by(role)[0];
      return column ? column.cells.map(function (cell) { return cell.v; }) : null;
    };
    return read;
  }

  function draw(figure) {
    var box = figure.querySelector("[data-chart]");
    var kind = window.hqChartKinds[figure.dataset.figure];
    if (!box || !kind || figure.dataset.drawn || !box.clientWidth) { return; }
    figure.dataset.drawn = "1";
    var read = data(figure);
    var chart = echarts.init(box, null, { renderer: "svg" });
    var width = box.clientWidth;
    chart.setOption(kind(read, width, box.clientHeight));
    function again() {
      if (!box.clientWidth || box.clientWidth === width) { return; }
      width = box.clientWidth;
      chart.resize();
      chart.setOption(kind(read, width, box.clientHeight), true);
    }
    window.addEventListener("resize", again);
    figure.addEventListener("hq:shown", again);
  }

  function drawAll(root) { (root || document).querySelectorAll(".hq-figure[data-figure]").forEach(draw); }

  if (!window.echarts || !window.hqChartKinds) {
    /* The pictures did not arrive: show the tables instead of empty frames. */
    document.querySelectorAll(".hq-figure").forEach(function (figure) { figure.dataset.show = "table"; });
    return;
  }
  window.hqReadTable = readTable;
  drawAll();
  document.addEventListener("hq:shown", function (event) { draw(event.target); });
  document.addEventListener("htmx:load", function (event) { drawAll(event.target); });
})();
