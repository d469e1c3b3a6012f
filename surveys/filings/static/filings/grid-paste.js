/* Pasting: the clipboard's block goes to the server, which knows headings, months, units and Chinese figures. What it
   would do is done at once when nothing is doubtful, and shown first when something is. */
(function () {
  "use strict";

  var grid = window.hqGrid, make = grid.make, PATIENCE = 6000, SHOWN = 60;

  /* Rows of texts from what spreadsheets put on the clipboard: tabs between cells, quotes around cells with breaks. */
  grid.rows = function (text) {
    var rows = [], line = [], cell = "", quoted = false, fresh = true;
    for (var n = 0; n < text.length; n += 1) {
      var sign = text[n];
      if (quoted) {
        if (sign !== '"') { cell += sign; } else if (text[n + 1] === '"') { cell += '"'; n += 1; } else { quoted = false; }
      } else if (sign === '"' && fresh) { quoted = true; fresh = false; }
      else if (sign === "\t") { line.push(cell); cell = ""; fresh = true; }
      else if (sign === "\n" || sign === "\r") {
        if (sign === "\r" && text[n + 1] === "\n") { n += 1; }
        line.push(cell); rows.push(line); line = []; cell = ""; fresh = true;
      } else { cell += sign; fresh = false; }
    }
    if (cell || line.length) { line.push(cell); rows.push(line); }
    return rows.map(function (row) { return row.map(function (each) { return each.replace(/\s*[\r\n]+\s*/g, " ").slice(0, 200); }); });
  };

  function Paste(page) { this.page = page; this.model = page.model; this.look = page.look; this.words = page.look.words; }
  grid.Paste = Paste;

  Paste.prototype.take = function (text, table) {
    var paste = this, block = grid.rows(text), names = table.names();
    if (!block.length) { this.page.say(this.words.nothing_to_paste); return; }
    // one cell over a block fills it, as spreadsheets do
    if (block.length === 1 && block[0].length === 1) {
      this.page.change(table.flat().map(function (at) { return { at: at, text: block[0][0].trim() }; }));
      return;
    }
    var corner = table.block(), columns = table.columns.map(function (c) { return c.key; });
    this.page.say(this.words.reading_paste);
    grid.post(this.model.data.urls.paste, { block: block, row: corner.top, column: corner.left, columns: columns }, PATIENCE).then(function (answer) {
      if (answer.status === 200 && answer.body) { paste.plan(answer.body); return; }
      if (answer.body && answer.body.text) { paste.page.say(answer.body.text, true); return; }
      paste.alone(block, names, table);
    }, function () { paste.alone(block, names, table); });
  };
  /* Without a line the block goes where it was put, as it is; it is read when the line is back. */
  Paste.prototype.alone = function (block, names, table) {
    var corner = table.block(), list = [], over = 0;
    block.forEach(function (line, r) {
      line.forEach(function (text, c) {
        if (!text.trim()) { return; }
        if (corner.top + r >= table.look.rows.length || corner.left + c >= table.columns.length) { over += 1; return; }
        list.push({ at: table.name(corner.top + r, corner.left + c), text: text.trim() });
      });
    });
    this.page.change(list);
    this.page.say(grid.filled(this.words.pasted_alone, { n: list.length, over: over }));
  };
  Paste.prototype.plan = function (plan) {
    if (!plan.cells.length && !plan.left.length) { this.page.say(this.words.pasted_blank); return; }
    var good = plan.cells.filter(function (cell) { return !cell.refused; }), bad = plan.cells.filter(function (cell) { return cell.refused; });
    if (bad.length || plan.left.length || plan.named) { this.show(plan, good, bad); return; }
    this.write(good);
  };
  Paste.prototype.write = function (cells) {
    var look = this.look, hidden = {};
    cells.forEach(function (cell) {
      var column = look.parts(cell.at).column;
      if (!column.shown) { hidden[column.item] = true; }
    });
    this.page.showItems(Object.keys(hidden));
    var changed = this.page.change(cells.map(function (cell) { return { at: cell.at, text: cell.text, flag: cell.flag }; }));
    this.page.say(grid.filled(this.words.pasted, { n: cells.length, changed: changed }));
  };

  Paste.prototype.show = function (plan, good, bad) {
    var paste = this, words = this.words, dialog = document.getElementById("grid-dialog"), body = dialog.querySelector("[data-body]");
    var title = grid.filled(words.paste_title, { n: good.length, bad: bad.length, left: plan.left.length });
    dialog.querySelector("h2").textContent = title;
    body.replaceChildren();
    if (plan.named) { body.append(make("p", "small", words.paste_named)); }
    if (bad.length) { body.append(this.part(words.paste_bad, bad.map(function (cell) { return [paste.look.name(cell.at), cell.refused]; }))); }
    if (plan.left.length) { body.append(this.part(words.paste_left, this.reasons(plan.left))); }
    if (good.length) { body.append(this.changes(good)); }
    var acts = dialog.querySelector("[data-acts]"), no = make("button", "btn", words.paste_no);
    no.type = "button";
    acts.replaceChildren();
    if (good.length) {
      var yes = make("button", "btn btn-primary", grid.filled(words.paste_yes, { n: good.length }));
      yes.type = "button";
      yes.addEventListener("click", function () { dialog.close(); paste.write(good); });
      acts.append(yes);
    }
    no.addEventListener("click", function () { dialog.close(); });
    acts.append(no);
    dialog.addEventListener("close", function () { paste.page.back(); }, { once: true });
    dialog.showModal();
    acts.querySelector("button").focus();
  };
  /* Cells that are left out, together by reason. */
  Paste.prototype.reasons = function (left) {
    var words = this.words, grouped = {}, order = [];
    left.forEach(function (cell) {
      if (!grouped[cell.why]) { grouped[cell.why] = []; order.push(cell.why); }
      grouped[cell.why].push(cell.text);
    });
    return order.map(function (why) {
      var texts = grouped[why], some = texts.slice(0, 6).join(words.list_comma);
      return [texts.length > 6 ? grid.filled(words.and_more, { some: some, n: texts.length }) : some, why];
    });
  };
  Paste.prototype.part = function (title, pairs) {
    var part = make("section"), list = make("dl", "grid-pairs");
    part.append(make("h3", "", title));
    pairs.slice(0, SHOWN).forEach(function (pair) { list.append(make("dt", "", pair[0]), make("dd", "", pair[1])); });
    if (pairs.length > SHOWN) { list.append(make("dt", "", "…"), make("dd", "", grid.filled(this.words.more_rows, { n: pairs.length - SHOWN }))); }
    part.append(list);
    return part;
  };
  Paste.prototype.changes = function (cells) {
    var look = this.look, model = this.model, words = this.words, part = make("section"), table = make("table", "table"), head = make("tr"), body = make("tbody");
    part.append(make("h3", "", words.paste_good));
    [words.cell, words.before, words.after, words.note].forEach(function (text, n) {
      var th = make("th", n === 1 || n === 2 ? "num" : "", text);
      th.scope = "col";
      head.append(th);
    });
    cells.slice(0, SHOWN).forEach(function (cell) {
      var row = make("tr"), th = make("th", "", look.name(cell.at)), now = model.cells[cell.at];
      th.scope = "row";
      var after = cell.value === null ? cell.text : grid.plain(cell.value);
      row.append(th, make("td", "num", now && now.v !== null ? grid.plain(now.v) : "—"), make("td", "num", after), make("td", "", cell.notes.join("")));
      body.append(row);
    });
    var top = make("thead");
    top.append(head);
    table.append(top, body);
    var scroll = make("div", "hq-scroll");
    scroll.tabIndex = 0; scroll.setAttribute("role", "region"); scroll.setAttribute("aria-label", words.paste_good);
    scroll.append(table);
    part.append(scroll);
    if (cells.length > SHOWN) { part.append(make("p", "small dim", grid.filled(words.more_rows, { n: cells.length - SHOWN }))); }
    return part;
  };
})();
