/* The page of the grid: one model, a table or a form in front of it, and around them the status, the cell one is at, what
   the checks say, and what to do when somebody else wrote. */
(function () {
  "use strict";

  var grid = window.hqGrid, make = grid.make, source = document.getElementById("grid-data");
  if (!source || !window.Tabulator) { return; }
  var data = JSON.parse(source.textContent), words = data.words;
  var spot = grid.spot;

  function Page() {
    this.model = new grid.Model(data);
    this.look = new grid.Look(this.model);
    this.lastShown = stored("last") !== "0";
    this.phone = window.matchMedia("(max-width: 47.99875em)");
    this.at = "";
    this.recall();
    this.build();
  }
  Object.assign(Page.prototype, grid.side);
  function stored(name) { try { return localStorage.getItem("hq-grid-" + name); } catch (e) { return null; } }
  function store(name, value) { try { localStorage.setItem("hq-grid-" + name, value); } catch (e) { /* refused: for this visit only */ } }

  Page.prototype.build = function () {
    var page = this;
    spot("plain").hidden = true;
    spot("tools").hidden = false; spot("side").hidden = false; spot("status").hidden = false;
    this.paste = new grid.Paste(this);
    this.choices();
    this.view();
    this.phone.addEventListener("change", function () { page.view(); });
    this.width = window.innerWidth;
    window.addEventListener("resize", function () { page.resized(); });
    this.hear();
    this.buttons();
    this.leave();
    this.status("idle");
    this.findings();
    this.model.beat();
    this.adopt();
    setTimeout(function () { page.adopt(); }, 20000);
  };
  /* What earlier pages left unsaved; of another building it is told where. */
  Page.prototype.adopt = function () {
    var left = this.model.adopt(), page = this, box = spot("elsewhere");
    if (left.found) { this.repaint(); }
    var told = [left.found ? grid.filled(words.adopted, { n: left.found }) : "", left.gone ? grid.filled(words.adopted_gone, { n: left.gone }) : ""].filter(Boolean);
    if (told.length) { this.say(told.join(words.stop), true); }
    box.replaceChildren();
    Object.keys(left.others).forEach(function (code) {
      var link = make("a", "", grid.filled(words.elsewhere, { place: page.placeName(code), n: left.others[code] }));
      link.href = "?facility=" + encodeURIComponent(code);
      box.append(link);
    });
  };
  Page.prototype.placeName = function (code) {
    var choice = document.getElementById("facility"), option = choice && Array.prototype.find.call(choice.options, function (each) { return each.value === code; });
    return option ? option.textContent : code;
  };

  Page.prototype.view = function () {
    var form = this.phone.matches || stored("view") === "form", table = spot("table"), fields = spot("form"), page = this;
    if (this.front) { this.front.finish(); }
    // a screen that is narrow for a moment must not lose the place
    if (this.front && this.front === this.table) { this.held = table.contains(document.activeElement); }
    table.hidden = form; fields.hidden = !form; spot("keys").hidden = form; spot("cell-panel").hidden = form;
    spot("view").hidden = this.phone.matches;
    spot("view").textContent = form ? words.as_table : words.as_form;
    if (form) {
      this.front = this.form = this.form || new grid.Form(fields, this);
      this.form.draw();
    } else {
      if (!this.table) {
        this.table = new grid.Table(table.firstElementChild, this.model, this.look);
        this.table.listen();
        this.table.on("moved", function (at) { page.now(at); });
        this.table.on("change", function (list) { page.change(list); });
        this.table.on("undo", function () { page.undo(); });
        this.table.on("redo", function () { page.redo(); });
        this.table.on("estimate", function (ats) { page.estimate(ats); });
        this.table.on("paste", function (text) { page.paste.take(text, page.table); });
        this.table.on("say", function (text) { page.say(text); });
      } else { this.table.paint(); }
      this.front = this.table;
      if (this.held) { this.table.show(true); }
    }
    document.body.classList.toggle("grid-no-last", !this.lastShown);
  };
  /* Anew in another width, some quiet time after the last change and never while a field is open. */
  Page.prototype.resized = function () {
    var page = this;
    clearTimeout(this.resizing);
    this.resizing = setTimeout(function () {
      if (page.front !== page.table || window.innerWidth === page.width) { return; }
      if (page.table.input) { page.resized(); return; }
      page.width = window.innerWidth;
      page.table.again();
    }, 300);
  };
  Page.prototype.repaint = function () { this.look.index(); this.front.paint(); };

  Page.prototype.hear = function () {
    var page = this, model = this.model;
    model.on("cells", function (ats) { page.front.paint(ats); page.tools(); page.now(page.at); page.clashes(); });
    model.on("state", function () { page.repaint(); page.findings(); page.now(page.at); page.clashes(); page.tools(); });
    model.on("status", function (state) { page.status(state); });
    model.on("saved", function (what) { page.afterSaving(what); });
    model.on("others", function (body) {
      var other = body.events.filter(function (event) { return !event.mine; }).pop();
      var changed = Object.keys(body.changes).length, clashing = Object.keys(model.clashes).length;
      // said with what the saving that follows at once has to say
      if (other && !clashing) { page.met = grid.filled(words.merged, { who: other.who, n: changed }); page.say(page.met); }
    });
  };
  Page.prototype.afterSaving = function (what) {
    var page = this, refused = Object.keys(what.refused);
    if (refused.length) {
      this.say(grid.filled(words.not_saved, { name: this.look.name(refused[0]), why: what.refused[refused[0]], n: refused.length }), true);
      return;
    }
    var told = Object.keys(what.notes).map(function (at) { return page.look.name(at) + words.colon + what.notes[at].join(""); });
    var keys = function (list) { return (list || []).map(function (f) { return f.at + f.rule; }); };
    var before = keys(this.model.before), now = keys(this.model.findings);
    var fresh = now.filter(function (key) { return before.indexOf(key) < 0; }).length, gone = before.filter(function (key) { return now.indexOf(key) < 0; }).length;
    if (fresh) { told.push(grid.filled(words.findings_new, { n: fresh })); }
    if (gone) { told.push(grid.filled(words.findings_gone, { n: gone })); }
    if (this.met) { told.unshift(this.met); this.met = ""; }
    if (told.length) { this.say(told.slice(0, 3).join(words.stop)); }
  };

  Page.prototype.change = function (list) {
    if (this.model.state === "closed") { this.say(this.model.told, true); return 0; }
    return this.model.change(list);
  };
  Page.prototype.undo = function () { this.stepped(this.model.undo(), words.undone, words.nothing_to_undo); };
  Page.prototype.redo = function () { this.stepped(this.model.redo(), words.redone, words.nothing_to_redo); };
  Page.prototype.stepped = function (step, done, nothing) {
    this.say(step ? grid.filled(done, { n: step.length }) : nothing);
    if (step && this.front.go) { this.front.go(step[0].at); }
  };
  /* Marks figures as estimates, or takes the mark away when all have it. */
  Page.prototype.estimate = function (ats) {
    var model = this.model, page = this;
    var some = ats.filter(function (at) { return model.content(at).text; });
    var all = some.length && some.every(function (at) { return page.look.cell(at).flag === "est"; });
    if (!some.length) { this.say(words.nothing_to_mark); return; }
    this.change(some.map(function (at) { return { at: at, text: model.content(at).text, flag: all ? "" : "estimated" }; }));
    this.say(grid.filled(all ? words.unmarked : words.marked, { n: some.length }));
  };
  Page.prototype.say = function (text, loud) {
    var box = spot("said");
    box.textContent = text;
    box.classList.toggle("is-loud", Boolean(loud));
  };
  Page.prototype.back = function () { if (this.front === this.table) { this.table.show(true); } };

  Page.prototype.status = function (state) {
    var model = this.model, n = model.unsaved(), box = spot("status"), text = words["state_" + state] || "";
    if (Object.keys(model.clashes).length && state !== "login" && state !== "closed") { state = "clash"; text = words.state_clash; n = Object.keys(model.clashes).length; }
    if (state === "left") { n = Object.keys(model.refused).length; }
    text = grid.filled(text, { n: n, clock: model.clock || "", why: model.told });
    if (!model.kept && n && state === "offline") { text = grid.filled(words.state_not_kept, { n: n }); }
    if (box.dataset.state === state && box.firstChild && box.firstChild.textContent === text) { return; }
    box.dataset.state = state;
    box.replaceChildren(make("span", "", text));
    if (state === "login") {
      var link = make("a", "", words.sign_in);
      link.href = "/account/login/?next=" + encodeURIComponent(location.pathname + location.search);
      link.target = "_blank"; link.rel = "noopener";
      box.append(" ", link);
    }
  };
  Page.prototype.tools = function () {
    spot("undo").disabled = !this.model.past.length;
    spot("redo").disabled = !this.model.future.length;
  };

  /* Which items have a column. Those with figures always have. */
  Page.prototype.choices = function () {
    var page = this, box = spot("items"), seen = {};
    this.look.columns.forEach(function (column) {
      if (seen[column.item]) { return; }
      seen[column.item] = true;
      var label = make("label", "form-check"), check = make("input", "form-check-input");
      check.type = "checkbox"; check.value = column.item; check.checked = column.shown;
      check.addEventListener("change", function () { page.choose(column.item, check.checked); });
      label.append(check, make("span", "form-check-label", column.item_title));
      box.append(label);
    });
  };
  Page.prototype.filledIn = function (item) {
    return Object.keys(this.model.cells).concat(Object.keys(this.model.edits)).some(function (at) { return at.indexOf(item + "|") === 0; });
  };
  Page.prototype.choose = function (item, wanted) {
    if (!wanted && this.filledIn(item)) {
      spot("items").querySelector("[value=\"" + item + "\"]").checked = true;
      this.say(words.column_has_figures, true);
      return;
    }
    this.look.columns.forEach(function (column) { if (column.item === item) { column.shown = wanted; } });
    store("items-" + data.round + "-" + data.person, JSON.stringify(this.look.columns.filter(function (c) { return c.shown; }).map(function (c) { return c.item; })));
    this.redraw();
  };
  Page.prototype.recall = function () {
    var items = [];
    try { items = JSON.parse(stored("items-" + data.round + "-" + data.person) || "[]"); } catch (e) { /* nothing kept */ }
    var page = this;
    this.look.columns.forEach(function (column) {
      if (items.length) { column.shown = items.indexOf(column.item) >= 0 || page.filledIn(column.item); }
    });
  };
  Page.prototype.showItems = function (items) {
    var look = this.look, missing = items.filter(function (item) { return look.columns.some(function (c) { return c.item === item && !c.shown; }); });
    missing.forEach(function (item) { spot("items").querySelector("[value=\"" + item + "\"]").checked = true; });
    look.columns.forEach(function (column) { if (missing.indexOf(column.item) >= 0) { column.shown = true; } });
    if (missing.length) { this.redraw(); }
  };
  Page.prototype.redraw = function () {
    if (this.table) { this.table.again(); }
    if (this.form) { this.form.draw(); }
  };

  Page.prototype.buttons = function () {
    var page = this;
    function press(name, act) { spot(name).addEventListener("click", act); }
    press("undo", function () { page.undo(); });
    press("redo", function () { page.redo(); });
    press("last", function () {
      page.lastShown = !page.lastShown;
      store("last", page.lastShown ? "1" : "0");
      spot("last").setAttribute("aria-pressed", String(page.lastShown));
      document.body.classList.toggle("grid-no-last", !page.lastShown);
      page.front.paint();
    });
    spot("last").setAttribute("aria-pressed", String(this.lastShown));
    press("view", function () { store("view", page.front === page.form ? "table" : "form"); page.view(); });
    press("estimate", function () { page.estimate(page.table.flat()); page.table.show(true); });
    press("clear", function () { page.model.forget(page.at); page.back(); });
    press("all-mine", function () { Object.keys(page.model.clashes).forEach(function (at) { page.model.settle(at, true); }); });
    press("all-theirs", function () { Object.keys(page.model.clashes).forEach(function (at) { page.model.settle(at, false); }); });
    var choice = document.getElementById("facility");
    if (choice) { choice.addEventListener("change", function () { page.away(function () { choice.form.submit(); }); }); }
  };
  /* Saves what waits, then goes; after three seconds without an answer it goes all the same, and the browser asks. */
  Page.prototype.away = function (go) {
    var model = this.model, until = Date.now() + 3000;
    this.front.finish();
    model.flush();
    (function wait() { if (!model.sending() || Date.now() > until) { go(); } else { setTimeout(wait, 50); } })();
  };
  Page.prototype.leave = function () {
    var page = this, model = this.model;
    window.addEventListener("beforeunload", function (event) {
      page.front.finish();
      if (model.unsaved()) { model.flush(); event.preventDefault(); event.returnValue = ""; }
    });
    window.addEventListener("pagehide", function () { model.keep(true); });
    window.addEventListener("pageshow", function (event) { if (event.persisted) { location.reload(); } });
    document.addEventListener("visibilitychange", function () {
      if (document.hidden) { page.front.finish(); model.flush(); } else { model.wake(); }
    });
    window.addEventListener("blur", function () { model.flush(); });
    window.addEventListener("focus", function () { model.wake(); model.refresh(); });
    setInterval(function () { if (!document.hidden) { model.refresh(); } }, 30000);
    window.addEventListener("online", function () { model.wake(); });
    document.addEventListener("click", function (event) {
      var link = event.target.closest ? event.target.closest("a[href]") : null;
      if (!link || link.target || event.ctrlKey || event.metaKey || event.shiftKey || event.button || link.getAttribute("href")[0] === "#" || !model.sending()) { return; }
      event.preventDefault();
      page.away(function () { location.assign(link.href); });
    });
  };

  window.hqGridPage = new Page();
})();
