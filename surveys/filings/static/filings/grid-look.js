/* How a cell of the grid looks and reads: its figure as people write it, its marks, last year's figure, the sums.
   Figures are decimal texts that the server has cleaned; here they are only added up and written, never read. */
(function () {
  "use strict";

  var grid = window.hqGrid, PLACES = 8;

  function units(exact) {
    var parts = exact.split("."), tail = (parts[1] || "").slice(0, PLACES);
    return BigInt(parts[0] + tail + "0".repeat(PLACES - tail.length));
  }
  function text(sum) {
    var digits = sum.toString().padStart(PLACES + 1, "0");
    return digits.slice(0, -PLACES) + "." + digits.slice(-PLACES);
  }
  /* 1234567.5 → 1,234,567.50 with two decimals, half up. */
  grid.written = function (exact, decimals) {
    var step = BigInt("1" + "0".repeat(PLACES - decimals));
    var rounded = text((units(exact) + step / BigInt(2)) / step * step).split(".");
    var whole = rounded[0].replace(/\B(?=(\d{3})+$)/g, ",");
    return decimals ? whole + "." + rounded[1].slice(0, decimals) : whole;
  };
  // kilograms in a column of tonnes need more than two
  function decimals(exact) { return Math.min(4, (exact.split(".")[1] || "").length); }
  grid.plain = function (exact) { return grid.written(exact, decimals(exact)); };

  function Look(model) {
    this.model = model; this.data = model.data; this.words = model.data.words;
    this.columns = this.data.columns; this.rows = this.data.rows;
    this.names = {};
    this.index();
  }
  grid.Look = Look;

  Look.prototype.index = function () {
    var look = this, found = look.found = {};
    this.model.findings.forEach(function (finding) { (found[finding.at] = found[finding.at] || []).push(finding); });
    this.gaps = {};
    this.model.gaps.forEach(function (at) { look.gaps[at] = true; });
    this.decimals = {};
    this.columns.forEach(function (column) {
      look.decimals[column.key] = look.rows.reduce(function (most, row) {
        var cell = look.model.cells[column.key + "|" + row.key];
        return cell && cell.v !== null ? Math.max(most, decimals(cell.v)) : most;
      }, 0);
    });
  };
  Look.prototype.column = function (key) { return this.columns.filter(function (c) { return c.key === key; })[0]; };
  Look.prototype.parts = function (at) {
    var cut = at.lastIndexOf("|"), key = at.slice(0, cut), period = at.slice(cut + 1);
    return { column: this.column(key), row: this.rows.filter(function (r) { return r.key === period; })[0] };
  };
  Look.prototype.name = function (at) {
    var parts = this.parts(at);
    return (parts.row ? parts.row.title + " " : "") + (parts.column ? parts.column.title : "");
  };
  Look.prototype.last = function (at) {
    var exact = this.data.last[at];
    return exact === undefined ? "" : grid.written(exact, Math.max(decimals(exact), this.decimals[at.slice(0, at.lastIndexOf("|"))] || 0));
  };

  /* {text, kind, flag, said, waiting}: what stands in the cell, how it is marked, and the same in words. */
  Look.prototype.cell = function (at) {
    var model = this.model, words = this.words, typed = model.typed(at), cell = model.cells[at], key = at.slice(0, at.lastIndexOf("|"));
    var parts = this.parts(at), off = parts.row.off.indexOf(parts.column.item) >= 0;
    if (model.refused[at]) { return { text: typed.text, kind: "bad", flag: "", said: grid.filled(words.refused, { why: model.refused[at].why }) }; }
    if (model.clashes[at]) { return { text: typed.text, kind: "clash", flag: "", said: words.clash }; }
    if (typed) { return { text: typed.text || typed.reason || (typed.flag === "not_applicable" ? words.none : "—"), kind: "waiting", flag: typed.flag === "estimated" ? "est" : "", said: words.waiting, waiting: true }; }
    var found = { text: "—", kind: "", flag: "", said: "" };
    if (cell && cell.v !== null) { found.text = grid.written(cell.v, Math.max(this.decimals[key], 0)); }
    else if (cell && cell.f === "not_applicable") { found.text = off ? "—" : words.none; found.flag = "off"; found.said = words.not_applicable; }
    else if (cell && cell.w) { found.text = cell.w; found.flag = "why"; found.said = words.blank_because; }
    else if (this.gaps[at]) { found.kind = "gap"; found.said = words.gap; }
    else if (off) { found.flag = "off"; found.said = words.out_of_season; }
    else { found.flag = "empty"; found.said = words.empty; }
    if (cell && cell.f === "estimated") { found.flag = "est"; found.said = words.estimated; }
    var open = (this.found[at] || []).filter(function (finding) { return finding.open; });
    if (open.length) {
      found.kind = open.some(function (finding) { return finding.kind === "error"; }) ? "bad" : "warn";
      found.said = [found.said, found.kind === "bad" ? words.has_error : words.has_warning].filter(Boolean).join(words.comma);
    }
    return found;
  };

  /* Sum of a column over the months, or of a month over the columns of a measure: {text, whole}, '' without a figure. */
  Look.prototype.sum = function (ats) {
    var model = this.model, look = this, total = BigInt(0), any = false, whole = true, most = 0;
    ats.forEach(function (at) {
      if (model.typed(at)) { whole = false; return; }
      var cell = model.cells[at];
      most = Math.max(most, look.decimals[at.slice(0, at.lastIndexOf("|"))]);
      if (cell && cell.v !== null) { total += units(cell.v); any = true; }
    });
    return { text: any ? grid.written(text(total), most) : "—", whole: whole };
  };
  Look.prototype.lastSum = function (ats) {
    var look = this, total = BigInt(0), any = false, most = 0;
    ats.forEach(function (at) {
      var exact = look.data.last[at];
      if (exact !== undefined) { total += units(exact); any = true; most = Math.max(most, decimals(exact)); }
    });
    return any ? grid.written(text(total), most) : "";
  };
  /* How many signs the longest figure of these cells has, their sum included. */
  Look.prototype.longest = function (ats) {
    var look = this;
    return ats.reduce(function (most, at) { return Math.max(most, look.cell(at).text.length, look.last(at).length); }, Math.max(look.sum(ats).text.length, look.lastSum(ats).length));
  };
  /* Change against last year in whole percent, '' where one of them is not there. */
  Look.prototype.change = function (at) {
    var cell = this.model.cells[at], last = this.data.last[at];
    if (!cell || cell.v === null || last === undefined || Number(last) === 0 || this.model.typed(at)) { return ""; }
    var share = Math.round((Number(cell.v) / Number(last) - 1) * 1000) / 10;
    return (share > 0 ? "+" : share < 0 ? "−" : "") + Math.abs(share).toFixed(1) + "%";
  };

  grid.make = function (name, classes, text) {
    var made = document.createElement(name);
    if (classes) { made.className = classes; }
    if (text !== undefined) { made.textContent = text; }
    return made;
  };
})();
