/* Beside the grid: the cell one is at, what the checks say, and cells that somebody else wrote too. Mixed into the page. */
(function () {
  "use strict";

  var grid = window.hqGrid, make = grid.make, side = grid.side = {}, source = document.getElementById("grid-data");
  if (!source) { return; }
  var data = JSON.parse(source.textContent), words = data.words;
  var spot = grid.spot = function (name) { return document.querySelector("[data-grid=" + name + "]"); };

  /* The cell one is at: figure, last year, where it came from, what is said of it, what can be done. */
  side.now = function (at) {
    this.at = at;
    if (!at) { return; }
    var look = this.look, cell = this.model.cells[at], found = look.cell(at), parts = look.parts(at), box = spot("cell"), page = this;
    spot("cell-name").textContent = parts.row.title + " " + parts.column.title;
    var facts = [[words.figure, found.text + (cell && cell.v !== null || found.waiting ? " " + parts.column.unit : "")]];
    var last = look.last(at), change = look.change(at);
    if (last) { facts.push([words.last_year, last + (change ? words.comma + change : "")]); }
    if (cell && cell.f === "estimated") { facts.push([words.flag, words.estimated]); }
    if (cell && cell.w) { facts.push([words.reason, cell.w]); }
    if (cell && (cell.v !== null || cell.f)) { facts.push([words.source, cell.s || (cell.r ? grid.filled(words.typed_as, { raw: cell.r }) : words.by_hand)]); }
    box.replaceChildren();
    facts.forEach(function (fact) { box.append(make("dt", "", fact[0]), make("dd", "", fact[1])); });
    this.telling(at, found);
    var link = spot("cell-link");
    link.hidden = !cell;
    link.href = data.urls.cell + "?f=" + encodeURIComponent(data.facility) + "&i=" + parts.column.item + "&m=" + parts.column.measure + "&p=" + parts.row.key;
    var blank = !this.model.content(at).text && !(cell && cell.v !== null && !this.model.typed(at)), why = spot("why");
    why.hidden = !blank || this.front !== this.table;
    if (!why.childElementCount) { this.offer(why); }
    spot("estimate").hidden = blank || this.front !== this.table;
    spot("estimate").setAttribute("aria-pressed", found.flag === "est" ? "true" : "false");
    spot("clear").hidden = !this.model.refused[at];
    page.tools();
  };
  side.telling = function (at, found) {
    var box = spot("cell-said"), model = this.model, list = [];
    box.replaceChildren();
    if (model.refused[at]) { list.push(["bad", found.said]); }
    if (found.kind === "gap") { list.push(["warn", words.gap_long]); }
    if (found.flag === "off" && !model.cells[at]) { list.push(["", words.out_of_season_long]); }
    (model.notes[at] || []).forEach(function (note) { list.push(["", note]); });
    (this.look.found[at] || []).forEach(function (finding) {
      list.push([finding.open ? (finding.kind === "error" ? "bad" : "warn") : "", finding.text + (finding.open ? finding.remedy : words.explained)]);
    });
    list.forEach(function (pair) { box.append(make("li", pair[0] ? "is-" + pair[0] : "", pair[1])); });
  };
  /* Why the block has no figures: one press for each reason. */
  side.offer = function (box) {
    var page = this;
    box.append(make("p", "small dim", words.why_blank_ask));
    data.reasons.concat([null]).forEach(function (reason) {
      var button = make("button", "btn btn-sm", reason === null ? words.none_such : reason);
      button.type = "button";
      button.addEventListener("click", function () {
        var blanks = page.table.flat().filter(function (at) { return !page.model.content(at).text; });
        page.change(blanks.map(function (at) { return reason === null ? { at: at, text: "", flag: "not_applicable" } : { at: at, text: "", reason: reason }; }));
        page.table.show(true);
      });
      box.append(button);
    });
  };

  /* Everything the checks say of this place, the open ones first; each leads to its cell. */
  side.findings = function () {
    var page = this, look = this.look, box = spot("findings"), open = this.model.findings.filter(function (f) { return f.open; });
    var kinds = { error: "bad", warning: "warn" }, list = make("ul", "grid-findings");
    open.sort(function (a, b) { return (a.kind !== "error") - (b.kind !== "error"); }).forEach(function (finding) {
      var item = make("li", "is-" + kinds[finding.kind]), known = look.parts(finding.at);
      if (known.column && known.row) {
        var button = make("button", "", look.name(finding.at));
        button.type = "button";
        button.addEventListener("click", function () { page.showItems([known.column.item]); page.front.go(finding.at); });
        item.append(button, " ");
      }
      item.append(make("span", "", finding.text));
      list.append(item);
    });
    var gaps = this.model.gaps.length;
    spot("findings-count").textContent = open.length ? grid.filled(words.findings_open, { n: open.length }) : words.findings_none;
    spot("gaps").textContent = gaps ? grid.filled(words.gaps_open, { n: gaps }) : "";
    box.replaceChildren(list);
    box.hidden = !open.length;
    spot("explain").hidden = !open.length && !gaps;
  };

  /* Cells that somebody else wrote too: both figures side by side. */
  side.clashes = function () {
    var page = this, model = this.model, names = Object.keys(model.clashes), box = spot("clashes"), list = spot("clash-rows");
    var had = box.hidden, inside = box.contains(document.activeElement);
    box.hidden = !names.length;
    list.replaceChildren();
    names.forEach(function (at) {
      var clash = model.clashes[at], row = make("tr"), name = make("th", "", page.look.name(at));
      name.scope = "row";
      var theirs = clash.now === null ? "—" : clash.now.v === null ? clash.now.w || "—" : grid.plain(clash.now.v);
      var mine = make("button", "btn btn-sm", words.keep_mine), other = make("button", "btn btn-sm", words.keep_theirs), acts = make("td", "is-key");
      mine.type = other.type = "button";
      mine.setAttribute("aria-label", words.keep_mine + " " + page.look.name(at)); other.setAttribute("aria-label", words.keep_theirs + " " + page.look.name(at));
      mine.addEventListener("click", function () { model.settle(at, true); });
      other.addEventListener("click", function () { model.settle(at, false); });
      acts.append(mine, " ", other);
      var first = make("td", "num", clash.edit.text || clash.edit.reason || "—"), second = make("td", "num", theirs), who = make("td", "", [clash.who || words.you_elsewhere, clash.when].filter(Boolean).join(" "));
      first.dataset.label = words.mine; second.dataset.label = words.theirs; who.dataset.label = words.who;
      row.append(name, first, second, who, acts);
      list.append(row);
    });
    if (names.length && (had || inside)) { box.querySelector("h2").focus(); }
    this.status(model.state);
    // the last one is settled: the button that was pressed is gone, the place to go on is not
    if (inside && !names.length) { if (this.front === this.table) { this.table.show(true); } else { spot("status").focus(); } }
  };
})();
