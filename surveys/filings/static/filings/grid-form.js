/* The same cells as a form, one month or one item at a time: for phones, and for whoever likes fields better. */
(function () {
  "use strict";

  var grid = window.hqGrid, make = grid.make;

  function Form(box, page) {
    this.box = box; this.page = page; this.model = page.model; this.look = page.look; this.words = page.look.words;
    this.by = "month"; this.place = 0; this.fields = {};
    this.start();
  }
  grid.Form = Form;

  Form.prototype.shown = function () { return this.look.columns.filter(function (c) { return c.shown; }); };
  Form.prototype.pages = function () {
    return this.by === "month" ? this.look.rows.map(function (row) { return row.title; }) : this.shown().map(function (c) { return c.title + " " + c.unit; });
  };
  Form.prototype.names = function () {
    var place = this.place, columns = this.shown(), rows = this.look.rows;
    return this.by === "month" ? columns.map(function (c) { return c.key + "|" + rows[place].key; }) : rows.map(function (row) { return columns[place].key + "|" + row.key; });
  };
  /* The first month, up to the present, in which something shown is still blank. */
  Form.prototype.start = function () {
    var look = this.look, model = this.model, columns = this.shown();
    var first = look.rows.findIndex(function (row) {
      return !row.ahead && columns.some(function (c) {
        return row.off.indexOf(c.item) < 0 && !model.cells[c.key + "|" + row.key] && !model.typed(c.key + "|" + row.key);
      });
    });
    this.place = Math.max(first, 0);
  };
  Form.prototype.draw = function () {
    var form = this, words = this.words, pages = this.pages();
    this.place = Math.min(this.place, pages.length - 1);
    this.fields = {};
    var turn = make("div", "hq-toggle"), walk = make("div", "grid-walk"), list = make("div", "grid-fields");
    turn.setAttribute("role", "group"); turn.setAttribute("aria-label", words.view_by);
    [["month", words.by_month], ["item", words.by_item]].forEach(function (pair) {
      var button = make("button", "", pair[1]);
      button.type = "button"; button.setAttribute("aria-pressed", form.by === pair[0] ? "true" : "false");
      button.addEventListener("click", function () { form.by = pair[0]; form.place = 0; if (pair[0] === "month") { form.start(); } form.draw(); });
      turn.append(button);
    });
    var back = make("button", "btn", words.previous), next = make("button", "btn", words.next), choice = make("select", "form-select");
    back.type = next.type = "button";
    back.disabled = this.place === 0; next.disabled = this.place === pages.length - 1;
    choice.setAttribute("aria-label", this.by === "month" ? words.month : words.item);
    pages.forEach(function (name, n) { choice.append(new Option(name, n, false, n === form.place)); });
    back.addEventListener("click", function () { form.turn(-1); });
    next.addEventListener("click", function () { form.turn(1); });
    choice.addEventListener("change", function () { form.place = Number(choice.value); form.draw(); });
    walk.append(back, choice, next);
    this.names().forEach(function (at) { list.append(form.field(at)); });
    this.box.replaceChildren(turn, walk, list);
    if (this.place < pages.length - 1) {
      var onward = make("button", "btn grid-onward", grid.filled(words.onward, { name: pages[this.place + 1] }));
      onward.type = "button";
      onward.addEventListener("click", function () { form.turn(1); form.box.scrollIntoView(); });
      this.box.append(onward);
    }
  };
  Form.prototype.turn = function (step) {
    this.place += step;
    this.draw();
    var first = this.box.querySelector("select");
    if (first) { first.focus(); }
  };
  Form.prototype.field = function (at) {
    var form = this, words = this.words, parts = this.look.parts(at), id = "f-" + at.replace(/[^\w-]/g, "-");
    var box = make("div", "grid-field"), label = make("label", "form-label", this.by === "month" ? parts.column.title : parts.row.title);
    var input = make("input", "form-control"), hint = make("p", "form-hint"), said = make("p", "grid-told"), tools = make("div", "grid-entry");
    var estimate = make("button", "btn btn-sm", words.est_mark), why = make("select", "form-select form-select-sm");
    label.htmlFor = input.id = id;
    label.append(make("small", "", " " + parts.column.unit));
    hint.id = id + "-hint"; said.id = id + "-said";
    input.type = "text"; input.inputMode = "decimal"; input.autocomplete = "off"; input.maxLength = 200; input.enterKeyHint = "next";
    input.setAttribute("aria-describedby", hint.id + " " + said.id);
    estimate.type = "button"; estimate.title = words.estimated;
    estimate.setAttribute("aria-label", grid.filled(words.mark_estimate, { name: this.look.name(at) }));
    why.setAttribute("aria-label", grid.filled(words.why_blank_of, { name: this.look.name(at) }));
    why.append(new Option(words.why_blank, ""));
    this.model.data.reasons.forEach(function (reason) { why.append(new Option(reason, reason)); });
    why.append(new Option(words.none_such, "\u0000"));
    // while one types the figure stands as it was typed, without commas
    input.addEventListener("focus", function () { form.page.now(at); input.value = form.model.content(at).text; });
    input.addEventListener("blur", function () { form.commit(at); });
    input.addEventListener("keydown", function (event) { if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); form.next(at); } });
    estimate.addEventListener("click", function () { form.page.estimate([at]); });
    why.addEventListener("change", function () {
      if (why.value) { form.page.change([why.value === "\u0000" ? { at: at, text: "", flag: "not_applicable" } : { at: at, text: "", reason: why.value }]); }
    });
    tools.append(input, estimate);
    box.append(label, hint, tools, why, said);
    this.fields[at] = { box: box, input: input, hint: hint, said: said, estimate: estimate, why: why };
    this.fill(at);
    return box;
  };
  Form.prototype.next = function (at) {
    var names = this.names(), following = names[names.indexOf(at) + 1];
    if (following) { this.fields[following].input.focus(); } else { this.fields[at].input.blur(); }
  };
  Form.prototype.fill = function (at) {
    var field = this.fields[at];
    if (!field) { return; }
    var found = this.look.cell(at), content = this.model.content(at), last = this.look.last(at), words = this.words, form = this;
    if (document.activeElement !== field.input) {
      var cell = this.model.cells[at];
      field.input.value = this.model.typed(at) || !cell || cell.v === null ? content.text : found.text;
    }
    ["bad", "warn", "gap", "clash", "waiting"].forEach(function (kind) { field.box.classList.toggle("is-" + kind, found.kind === kind); });
    field.input.setAttribute("aria-invalid", found.kind === "bad" ? "true" : "false");
    field.hint.textContent = last ? grid.filled(words.last_was, { value: last }) : words.last_none;
    field.hint.hidden = !form.page.lastShown;
    field.estimate.setAttribute("aria-pressed", found.flag === "est" ? "true" : "false");
    field.estimate.hidden = !content.text;
    field.why.hidden = Boolean(content.text);
    field.box.classList.toggle("is-asking", found.kind === "gap" || Boolean(content.reason) || content.flag === "not_applicable");
    field.why.value = content.reason && this.model.data.reasons.indexOf(content.reason) >= 0 ? content.reason : content.flag === "not_applicable" ? "\u0000" : "";
    var told = (this.look.found[at] || []).filter(function (f) { return f.open; }).map(function (f) { return f.text; });
    if (found.kind === "bad" && this.model.refused[at]) { told = [found.said]; }
    // what the checks say is said of the figure that stands there, and another is shown
    else if (found.kind === "clash") { told = [found.said]; }
    field.said.replaceChildren();
    // the open choice of reasons says it to whoever sees it
    if (found.kind === "gap") { field.said.append(make("span", "visually-hidden", found.said)); }
    told.concat(this.model.notes[at] || []).slice(0, 3).forEach(function (text) { field.said.append(make("span", "", text)); });
  };
  Form.prototype.commit = function (at) {
    var field = this.fields[at], text = field.input.value.trim();
    if (text !== this.model.content(at).text) { this.page.change([{ at: at, text: text }]); } else { this.fill(at); }
  };
  /* What stands in the field that has the focus, before the page goes away. */
  Form.prototype.finish = function () {
    var form = this;
    Object.keys(this.fields).forEach(function (at) { if (document.activeElement === form.fields[at].input) { form.commit(at); } });
  };
  Form.prototype.paint = function (ats) {
    var form = this;
    (ats || Object.keys(this.fields)).forEach(function (at) { form.fill(at); });
  };
  Form.prototype.go = function (at) {
    var cut = at.lastIndexOf("|"), key = at.slice(0, cut), period = at.slice(cut + 1);
    var c = this.shown().findIndex(function (x) { return x.key === key; }), r = this.look.rows.findIndex(function (x) { return x.key === period; });
    if (r < 0 || c < 0) { return false; }
    this.place = this.by === "month" ? r : c;
    this.draw();
    this.fields[at].input.focus();
    return true;
  };
})();
