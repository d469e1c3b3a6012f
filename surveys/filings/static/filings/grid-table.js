/* The grid on a wide screen: Tabulator draws it, keys and mouse are ours and those of a spreadsheet.
   One cell has the focus (it alone is in the tab order); a block is what lies between it and the cell it began at.
   The focus is in a field that lies unseen in that cell: an input method needs a field before its first key. It is seen
   while somebody types (`input` is then the field). */
(function () {
  "use strict";

  var grid = window.hqGrid, make = grid.make;

  function Table(box, model, look, said) {
    this.box = box; this.model = model; this.look = look; this.said = said;
    this.spots = {}; this.sums = {};
    this.at = { r: 0, c: 0 }; this.from = { r: 0, c: 0 };
    this.listeners = {};
    this.field = make("input", "grid-input");
    this.field.type = "text"; this.field.autocomplete = "off"; this.field.spellcheck = false; this.field.maxLength = 200;
    this.pick();
    this.draw();
  }
  grid.Table = Table;

  Table.prototype.pick = function () { this.columns = this.look.columns.filter(function (c) { return c.shown; }); };
  Table.prototype.name = function (r, c) { return this.columns[c].key + "|" + this.look.rows[r].key; };
  Table.prototype.current = function () { return this.columns.length ? this.name(this.at.r, this.at.c) : ""; };

  Table.prototype.draw = function () {
    var table = this, words = this.look.words;
    var measures = {};
    this.columns.forEach(function (c) { if (c.sums) { (measures[c.measure] = measures[c.measure] || []).push(c); } });
    var columns = [{ title: words.month, field: "month", frozen: true, width: 76, widthGrow: 0, formatter: function (cell) {
      cell.getElement().setAttribute("role", "rowheader");
      return cell.getValue();
    } }];
    this.columns.forEach(function (c) {
      columns.push({ title: c.title, field: c.key, hozAlign: "right", headerHozAlign: "right", minWidth: table.room(table.ats(c)), titleFormatter: function () { return table.head(c.title, c.unit); }, formatter: table.format.bind(table) });
    });
    this.rowSums = Object.keys(measures).filter(function (m) { return measures[m].length > 1; }).map(function (m) {
      return { key: "sum|" + m, title: grid.filled(words.sum_of, { measure: measures[m][0].measure_title }), unit: measures[m][0].unit, columns: measures[m] };
    });
    this.rowSums.forEach(function (s) {
      columns.push({ title: s.title, field: s.key, hozAlign: "right", headerHozAlign: "right", minWidth: table.room([].concat.apply([], s.columns.map(table.ats, table))), cssClass: "is-sum", titleFormatter: function () { return table.head(s.title, s.unit); }, formatter: table.format.bind(table) });
    });
    var rows = this.look.rows.map(function (row, number) { return { id: number, month: row.title }; });
    rows.push({ id: -1, month: words.total });
    this.spots = {}; this.sums = {};
    this.ready = false;
    var tabulator = this.tabulator = new Tabulator(this.box, {
      data: rows, columns: columns, layout: "fitColumns", renderVertical: "basic", renderHorizontal: "basic", autoResize: false, keybindings: false, selectableRows: false, columnDefaults: { headerSort: false, resizable: false },
      rowFormatter: function (row) { if (row.getData().id < 0) { row.getElement().classList.add("is-sum"); } }
    });
    tabulator.on("tableBuilt", function () {
      if (table.tabulator !== tabulator) { return; }
      table.ready = true;
      table.roles();
      table.paintSums();
      table.show(Boolean(table.focusAfter));
      table.focusAfter = false;
      table.tell("drawn");
    });
  };
  /* Anew: with other columns, or in another width. The place stays, by its name. */
  Table.prototype.again = function () {
    var at = this.current(), inside = this.box.contains(document.activeElement);
    if (this.input) { this.close(true, true); }
    this.tabulator.destroy();
    this.pick();
    this.at = { r: 0, c: 0 }; this.from = { r: 0, c: 0 };
    var cut = at.lastIndexOf("|"), c = this.columns.findIndex(function (column) { return column.key === at.slice(0, cut); });
    var r = this.look.rows.findIndex(function (row) { return row.key === at.slice(cut + 1); });
    if (c >= 0 && r >= 0) { this.at = { r: r, c: c }; this.from = { r: r, c: c }; }
    this.focusAfter = inside;
    this.draw();
  };
  Table.prototype.ats = function (column) { return this.look.rows.map(function (row) { return column.key + "|" + row.key; }); };
  /* The width that the longest figure needs, the sum in bold; a figure is never cut. */
  Table.prototype.room = function (ats) { return Math.max(100, Math.ceil(this.look.longest(ats) * 9.2) + 26); };
  Table.prototype.widen = function () {
    var table = this;
    this.columns.forEach(function (c) {
      var room = table.room(table.ats(c)), column = table.tabulator.getColumn(c.key);
      if (column && column.getWidth() < room) { column.setWidth(room); }
    });
  };
  Table.prototype.head = function (title, unit) {
    var head = make("span", "", title);
    if (unit) { head.append(make("span", "unit", unit)); }
    return head;
  };
  /* Tabulator's own roles leave rows without a parent that may have them. */
  Table.prototype.roles = function () {
    var box = this.box;
    box.removeAttribute("aria-owns");
    box.removeAttribute("tabindex");
    box.setAttribute("aria-label", this.look.words.grid_name);
    box.setAttribute("aria-describedby", "grid-keys");
    box.setAttribute("aria-multiselectable", "true");
    box.setAttribute("aria-rowcount", String(this.look.rows.length + 2));
    box.querySelectorAll(".tabulator-header-contents, .tabulator-tableholder").forEach(function (part) {
      part.setAttribute("role", "presentation");
      part.removeAttribute("tabindex");
    });
    box.querySelectorAll("[role=columnheader]").forEach(function (head) { head.removeAttribute("aria-sort"); });
  };
  Table.prototype.format = function (cell) {
    var element = cell.getElement(), field = cell.getField(), id = cell.getData().id;
    if (id < 0 || field.indexOf("sum|") === 0) {
      element.setAttribute("aria-readonly", "true");
      this.sums[(id < 0 ? "" : id) + ":" + field] = element;
      return "";
    }
    var c = this.columns.findIndex(function (column) { return column.key === field; });
    element.dataset.r = id; element.dataset.c = c;
    element.tabIndex = -1;
    this.spots[this.name(id, c)] = element;
    return this.content(this.name(id, c), element);
  };
  Table.prototype.content = function (at, element) {
    var found = this.look.cell(at), last = this.look.last(at), inside = document.createDocumentFragment();
    ["bad", "warn", "gap", "clash", "waiting"].forEach(function (kind) { element.classList.toggle("is-" + kind, found.kind === kind); });
    ["est", "off", "why", "empty"].forEach(function (flag) { element.classList.toggle("is-" + flag, found.flag === flag); });
    if (found.kind === "bad") { element.setAttribute("aria-invalid", "true"); } else { element.removeAttribute("aria-invalid"); }
    inside.append(make("span", "grid-value", found.text));
    if (found.flag === "est") { inside.append(make("small", "grid-mark", this.look.words.est_mark)); }
    if (found.said) { inside.append(make("span", "visually-hidden", this.look.words.comma + found.said)); }
    var was = make("small", "grid-was", last || "\u00a0");
    if (last) { was.prepend(make("span", "visually-hidden", this.look.words.comma + this.look.words.last_year + " ")); } else { was.setAttribute("aria-hidden", "true"); }
    inside.append(was);
    return inside;
  };
  Table.prototype.paint = function (ats) {
    var table = this;
    (ats || Object.keys(this.spots)).forEach(function (at) {
      var element = table.spots[at];
      if (element && element !== (table.input && table.input.parentNode)) { table.put(element, table.content(at, element)); }
    });
    this.paintSums();
    if (!ats) { this.widen(); }
  };
  /* New content for a cell; the field stays where it is, or an input method would lose what it composes. */
  Table.prototype.put = function (element, content) {
    var field = this.field;
    Array.prototype.slice.call(element.childNodes).forEach(function (child) { if (child !== field) { child.remove(); } });
    element.prepend(content);
    if (field.parentNode === element) { this.nameField(); }
  };
  /* What is read out where the focus is: the place, and unless one types there what stands in it. */
  Table.prototype.nameField = function () {
    var found = this.look.cell(this.current()), column = this.columns[this.at.c], row = this.look.rows[this.at.r];
    var name = [row.title, column.title, column.unit].join(" ");
    this.field.setAttribute("aria-label", this.input ? name : [name, found.text, found.said].filter(Boolean).join(this.look.words.comma));
  };
  Table.prototype.paintSums = function () {
    var table = this, look = this.look;
    function put(key, ats) {
      var element = table.sums[key], sum = look.sum(ats), last = look.lastSum(ats);
      if (!element) { return; }
      element.classList.toggle("is-part", !sum.whole);
      element.replaceChildren(make("span", "grid-value", sum.text), make("small", "grid-was", last || "\u00a0"));
    }
    this.columns.forEach(function (c) { put(":" + c.key, table.ats(c)); });
    this.rowSums.forEach(function (s) {
      var all = [];
      look.rows.forEach(function (row, number) {
        var ats = s.columns.map(function (c) { return c.key + "|" + row.key; });
        all = all.concat(ats);
        put(number + ":" + s.key, ats);
      });
      put(":" + s.key, all);
    });
  };

  Table.prototype.on = function (name, listener) { (this.listeners[name] = this.listeners[name] || []).push(listener); };
  Table.prototype.tell = function (name, what) { (this.listeners[name] || []).forEach(function (listener) { listener(what); }); };

  /* The block: its corners, its cells row by row. */
  Table.prototype.block = function () {
    return { top: Math.min(this.at.r, this.from.r), bottom: Math.max(this.at.r, this.from.r), left: Math.min(this.at.c, this.from.c), right: Math.max(this.at.c, this.from.c) };
  };
  Table.prototype.names = function () {
    var block = this.block(), found = [];
    for (var r = block.top; r <= block.bottom; r += 1) {
      for (var line = [], c = block.left; c <= block.right; c += 1) { line.push(this.name(r, c)); }
      found.push(line);
    }
    return found;
  };
  Table.prototype.move = function (r, c, wider) {
    this.at = { r: Math.max(0, Math.min(this.look.rows.length - 1, r)), c: Math.max(0, Math.min(this.columns.length - 1, c)) };
    if (!wider) { this.from = { r: this.at.r, c: this.at.c }; }
    this.show(true);
  };
  Table.prototype.go = function (at) {
    var cut = at.lastIndexOf("|"), key = at.slice(0, cut), period = at.slice(cut + 1);
    var c = this.columns.findIndex(function (x) { return x.key === key; }), r = this.look.rows.findIndex(function (x) { return x.key === period; });
    if (r >= 0 && c >= 0) { this.move(r, c); }
    return r >= 0 && c >= 0;
  };
  Table.prototype.show = function (focus) {
    if (!this.ready || !this.columns.length) { return; }
    var block = this.block(), table = this;
    Object.keys(this.spots).forEach(function (at) {
      var element = table.spots[at], r = Number(element.dataset.r), c = Number(element.dataset.c);
      var inside = r >= block.top && r <= block.bottom && c >= block.left && c <= block.right;
      element.classList.toggle("is-in", inside);
      element.setAttribute("aria-selected", inside ? "true" : "false");
      element.classList.toggle("is-at", r === table.at.r && c === table.at.c);
    });
    var element = this.spots[this.current()];
    if (element && this.field.parentNode !== element) { element.append(this.field); this.field.value = ""; }
    if (element) { this.nameField(); }
    if (focus && element && !this.input) { this.field.focus({ preventScroll: true }); this.reveal(element); }
    this.tell("moved", this.current());
  };
  /* Into view beside the frozen column, and on the page. */
  Table.prototype.reveal = function (element) {
    var holder = this.box.querySelector(".tabulator-tableholder"), frozen = this.box.querySelector(".tabulator-row .tabulator-frozen");
    var box = element.getBoundingClientRect(), edge = holder.getBoundingClientRect(), left = edge.left + (frozen ? frozen.offsetWidth : 0);
    if (box.left < left) { holder.scrollLeft -= left - box.left; }
    if (box.right > edge.right) { holder.scrollLeft += box.right - edge.right; }
    element.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
})();
