/* The kinds of charts: each a function from what was read (charts.js) and the width to an ECharts option.
   No animation, no gradients, no smoothing; bars begin at 0; suppressed values have no height and no tooltip. */
(function () {
  "use strict";
  var css = getComputedStyle(document.documentElement);
  function colour(name) { return css.getPropertyValue("--hq-" + name).trim(); }
  var INK = colour("ink"), INK2 = colour("ink-2"), INK3 = colour("ink-3"), LINE = colour("line"), LINE2 = colour("line-2");
  var FONT = "\"HQ Figures\",\"PingFang SC\",\"HarmonyOS Sans SC\",\"MiSans\",\"Microsoft YaHei\",\"Noto Sans CJK SC\",sans-serif";
  var SERIES = ["c1", "c2", "c3", "c4", "c5", "c6"].map(colour);
  var STACK = ["c1", "c2", "c3", "c6", "c5"].map(colour);
  var HATCH = { color: LINE2, dashArrayX: [1, 0], dashArrayY: [1, 5], rotation: -Math.PI / 4 };
  function narrow(width) { return width < 560; }

  function base(option) {
    return Object.assign({
      animation: false, color: SERIES, aria: { enabled: true, label: { enabled: false } },
      textStyle: { fontFamily: FONT, color: INK2, fontSize: 13 },
      tooltip: tip({ trigger: "axis" })
    }, option);
  }
  /* richText: an HTML tooltip would need inline styles, which the content security policy refuses */
  function tip(option) {
    return Object.assign({
      renderMode: "richText", confine: true, transitionDuration: 0, backgroundColor: "#fff", borderColor: LINE2, borderWidth: 1,
      textStyle: { color: INK, fontFamily: FONT, fontSize: 13, lineHeight: 20 },
      axisPointer: { type: "line", lineStyle: { color: INK3, type: "solid", width: 1 } }
    }, option);
  }
  function grid(option) { return Object.assign({ left: 8, right: 16, top: 12, bottom: 8, outerBoundsMode: "same" }, option); }
  function axisX(option) {
    return Object.assign({ axisLine: { lineStyle: { color: INK3 } }, axisTick: { show: false }, axisLabel: { color: INK2, hideOverlap: true }, splitLine: { show: false } }, option);
  }
  function axisY(y) {
    return {
      type: "value", min: y.min, max: y.max, interval: y.step, name: y.name, axisLine: { show: false }, axisTick: { show: false },
      axisLabel: { color: INK2 }, splitLine: { lineStyle: { color: LINE } }, nameGap: 14,
      nameTextStyle: { color: INK3, align: "left", padding: [0, 0, 0, -24] }
    };
  }
  function textWidth(text) {
    return Array.prototype.reduce.call(text, function (sum, c) { return sum + (c > "\u2e80" ? 13 : 7.5); }, 0);
  }
  /* What stands at the end of a line: name and last value; where it is narrow the value, if there is one line only. */
  function endText(column, width, alone) {
    var known = column.cells.filter(function (cell) { return cell.v !== null; });
    if (!known.length || (narrow(width) && !(alone && width > 240))) { return ""; }
    return (narrow(width) ? "" : column.label + " ") + known[known.length - 1].text;
  }
  function said(read, columns) {
    return tip({ trigger: "axis", formatter: function (items) {
      var at = items[0].dataIndex;
      return [read.names[at]].concat(columns.map(function (column) {
        return column.label + "  " + column.cells[at].text + (column.cells[at].v === null ? "" : " " + column.unit);
      })).join("\n");
    } });
  }
  function referenceLines(read, axis, lowLabel) {
    return {
      silent: true, symbol: "none", animation: false,
      data: (read.options.references || []).map(function (reference) {
        var tone = reference.alert ? colour("c4") : INK3;
        var line = {
          lineStyle: { color: tone, type: reference.alert ? "dashed" : [2, 3], width: reference.alert ? 1.5 : 1 },
          label: { show: true, position: lowLabel ? "end" : "insideEndTop", color: tone, fontSize: 12, formatter: reference.text }
        };
        line[axis] = reference.value;
        return line;
      })
    };
  }

  function band(read) {
    var low = read.values("low"), high = read.values("high");
    if (!low || !high) { return []; }
    var quiet = { type: "line", stack: "band", lineStyle: { opacity: 0 }, symbol: "none", silent: true, emphasis: { disabled: true } };
    return [
      Object.assign({ name: "low", data: low }, quiet),
      Object.assign({ name: "high", data: high.map(function (v, i) { return v === null || low[i] === null ? null : v - low[i]; }), areaStyle: { color: colour("s2"), opacity: .75 } }, quiet)
    ];
  }
  /* The light series colours are too pale for words: there the label is ink, it stands at the line's end anyway. */
  function wordTone(tone) { return tone === colour("c1") || tone === colour("c4") ? tone : INK; }
  function line(column, tone, label, extra) {
    return Object.assign({
      name: column.label, type: "line", data: column.cells.map(function (cell) { return cell.v; }),
      symbol: "circle", symbolSize: 7, lineStyle: { width: 2.5, color: tone }, itemStyle: { color: tone }, emphasis: { disabled: true },
      endLabel: { show: Boolean(label), formatter: label, color: wordTone(tone), fontWeight: 600, fontSize: 13, distance: 6, padding: [3, 0] }
    }, extra);
  }

  /* How far each end label must move down so that no two overlap: the values' heights in pixels, then 18 apart. */
  function apart(columns, y, height) {
    var scale = (height - 64) / ((y.max - y.min) || 1), free = -Infinity, moves = [];
    columns.map(function (column, i) {
      var known = column.cells.filter(function (cell) { return cell.v !== null; });
      return { i: i, at: known.length ? (y.max - known[known.length - 1].v) * scale : 0 };
    }).sort(function (a, b) { return a.at - b.at; }).forEach(function (label) {
      var placed = Math.max(label.at, free);
      moves[label.i] = placed - label.at;
      free = placed + 18;
    });
    return moves;
  }

  function trend(read, width, height) {
    var targets = read.by("target"), main = read.by("line"), tone = colour("c4");
    function label(column) { return endText(column, width, main.length + targets.length === 1); }
    var dashed = { symbol: "none", lineStyle: { width: 2, color: tone, type: "dashed" } };
    var series = band(read).concat(
      main.map(function (column, i) { return line(column, SERIES[i], label(column)); }),
      targets.map(function (column) { return line(column, tone, label(column), dashed); }));
    apart(main.concat(targets), read.options.y, height).forEach(function (move, i) {
      series[series.length - main.length - targets.length + i].endLabel.offset = [0, move];
    });
    series[series.length - 1].markLine = referenceLines(read, "yAxis");
    var room = Math.max.apply(null, main.concat(targets).map(function (column) { return textWidth(label(column)); }));
    return base({
      tooltip: said(read, read.columns.slice(1)),
      grid: grid({ right: room + 16 }),
      xAxis: axisX({ type: "category", data: read.names, boundaryGap: false }), yAxis: axisY(read.options.y), series: series
    });
  }

  function histogram(read, width) {
    var column = read.by("count")[0];
    return base({
      tooltip: said(read, [column]),
      grid: grid({ bottom: 24, right: 12 }),
      xAxis: axisX({ type: "category", data: read.names, name: read.options.x.name, nameLocation: "middle", nameGap: 28, nameTextStyle: { color: INK3 } }),
      yAxis: axisY(read.options.y),
      series: [{ type: "bar", barCategoryGap: "6%", itemStyle: { color: colour("s5") }, emphasis: { disabled: true }, label: { show: !narrow(width) || read.names.length < 9, position: "top", color: INK, fontSize: 13 }, data: read.values("count") }]
    });
  }

  function stacked(read) {
    var parts = read.by("part");
    return base({
      tooltip: Object.assign(said(read, read.columns.slice(1)), { axisPointer: { type: "shadow" } }),
      grid: grid({ right: 8 }),
      xAxis: axisX({ type: "category", data: read.names }), yAxis: axisY(read.options.y),
      series: parts.map(function (column, i) {
        return { name: column.label, type: "bar", stack: "all", barWidth: "62%", emphasis: { disabled: true }, itemStyle: { color: STACK[i] }, data: column.cells.map(function (cell) { return cell.v; }) };
      })
    });
  }

  /* Bars between released quantiles: an invisible bar up to the first, then the differences. */
  function quantileBars(read, pick) {
    var steps = ["p10", "p25", "median", "p75", "p90"].filter(function (role) { return read.by(role).length; });
    var tones = { p25: colour("s2"), median: colour("s4"), p75: colour("s4"), p90: colour("s2") };
    return steps.map(function (role, i) {
      var now = pick(role), before = i ? pick(steps[i - 1]) : null;
      return {
        type: "bar", stack: "quantiles", barWidth: 18, silent: true, emphasis: { disabled: true }, itemStyle: { color: i ? tones[role] : "transparent" },
        data: now.map(function (v, at) { return v === null ? "-" : before ? v - before[at] : v; })
      };
    });
  }
  function cohortMarks(read, pick, hidden) {
    function spots(values) { return values.map(function (v, i) { return [v, i]; }).filter(function (p) { return p[0] !== null; }); }
    var written = function (role) { var column = read.by(role)[0]; return function (p) { return column.cells[p.value[1]].text; }; };
    var onlyMean = pick("mean").map(function (v, i) { return pick("median")[i] === null ? v : null; });
    var ratios = read.by("ratio").length ? spots(pick("ratio")) : [];
    return [
      { type: "bar", barGap: "-100%", barWidth: 18, silent: true, data: hidden.map(function (h) { return h ? read.options.x.max : "-"; }), itemStyle: { color: "#F6F6F2", decal: HATCH, borderColor: LINE2 }, label: { show: true, position: "insideLeft", distance: 10, color: INK, backgroundColor: "#fff", padding: [2, 6], fontSize: 12, formatter: read.options.words.suppressed } },
      { type: "scatter", symbol: "rect", symbolSize: [3, 26], silent: true, data: spots(pick("median")), itemStyle: { color: INK }, label: { show: true, position: "bottom", distance: 1, formatter: written("median"), color: INK, fontSize: 12, fontWeight: 600 }, z: 5 },
      { type: "scatter", symbol: "diamond", symbolSize: 14, silent: true, data: spots(onlyMean), itemStyle: { color: "#fff", borderColor: colour("c1"), borderWidth: 2.5 }, label: { show: true, position: "right", color: INK, fontSize: 12, backgroundColor: "#fff", padding: [1, 4], fontWeight: 600, formatter: written("mean") }, z: 6 },
      /* its number stands in the table: beside the median's it would only be in the way */
      { type: "scatter", symbol: "circle", symbolSize: 9, silent: true, data: ratios, itemStyle: { color: "#fff", borderColor: INK, borderWidth: 2 }, z: 7 }
    ];
  }
  function cohorts(read, width) {
    var pick = function (role) { return read.values(role); };
    var counts = read.by("n")[0];
    var names = read.names.map(function (name, i) {
      /* a cohort that is not released has no count either */
      if (counts.cells[i].v === null) { return name; }
      return name + (narrow(width) ? "\n" : "") + read.options.words.schools.replace("%s", counts.cells[i].text);
    });
    var shown = ["median", "mean", "ratio"].filter(function (role) { return read.by(role).length; }).map(pick);
    var hidden = read.names.map(function (name, i) { return shown.every(function (values) { return values[i] === null; }); });
    var series = quantileBars(read, pick).concat(cohortMarks(read, pick, hidden));
    series[0].markLine = referenceLines(read, "xAxis", true);
    return base({
      tooltip: { show: false },
      grid: grid({ right: 20, top: 4, bottom: 26 }),
      yAxis: { type: "category", inverse: true, data: names, axisLine: { show: false }, axisTick: { show: false }, axisLabel: { color: INK, fontSize: 13, align: "right" } },
      xAxis: axisX({ type: "value", min: read.options.x.min, max: read.options.x.max, interval: read.options.x.step, position: "top", axisLine: { show: false }, splitLine: { show: true, lineStyle: { color: LINE } } }),
      series: series
    });
  }

  window.hqChartKinds = { trend: trend, histogram: histogram, stacked: stacked, cohorts: cohorts };
})();
