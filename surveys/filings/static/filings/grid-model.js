/* What is typed into the grid and what has become of it. No page here: views listen.

   A cell is called item|measure|period. What was typed waits in `edits`, is on its way in `flight`, could not be read
   (`refused`), or met what somebody else wrote (`clashes`). Until it is saved it is also kept in this browser, so that
   neither a lost line nor a closed page loses it. A batch has a number of its own: sent twice, it is written once. */
(function () {
  "use strict";

  var grid = window.hqGrid, size = grid.size, IDLE = 800, PATIENCE = 20000, MOST = 1000;

  function Model(data) {
    this.data = data;
    this.revision = data.revision;
    this.cells = data.cells; this.findings = data.findings; this.gaps = data.gaps;
    this.edits = {}; this.flight = null; this.waiting = []; this.refused = {}; this.clashes = {}; this.notes = {};
    this.past = []; this.future = [];
    this.state = "idle"; this.told = ""; this.tries = 0;
    this.listeners = {};
    this.shelf = ["hq-grid", data.university, data.round, data.unit, data.person].join(":") + ":";
    this.shelfKey = this.shelf + grid.number();
  }
  grid.Model = Model;

  Model.prototype.on = function (name, listener) { (this.listeners[name] = this.listeners[name] || []).push(listener); };
  Model.prototype.tell = function (name, what) { (this.listeners[name] || []).forEach(function (listener) { listener(what); }); };

  /* How many cells are not with the server: waiting, under way, unread or disputed. */
  Model.prototype.unsaved = function () {
    var waiting = this.waiting.reduce(function (n, flight) { return n + size(flight.edits); }, 0);
    return size(this.edits) + (this.flight ? size(this.flight.edits) : 0) + waiting + size(this.refused) + size(this.clashes);
  };
  Model.prototype.sending = function () { return Boolean(this.flight || this.waiting.length || size(this.edits)); };

  /* What was typed into a cell and is not saved yet, or null. */
  Model.prototype.typed = function (at) {
    var clash = this.clashes[at], waiting = this.waiting.filter(function (flight) { return flight.edits[at]; })[0];
    if (waiting && !this.edits[at]) { return waiting.edits[at]; }
    return this.edits[at] || (this.flight && this.flight.edits[at]) || this.refused[at] || (clash && clash.edit) || null;
  };
  /* What a cell would be edited from: {text, flag, reason}. */
  Model.prototype.content = function (at) {
    var typed = this.typed(at), cell = this.cells[at];
    if (typed) { return { text: typed.text, flag: typed.flag, reason: typed.reason }; }
    if (!cell) { return { text: "", flag: null, reason: null }; }
    return { text: cell.v === null ? "" : cell.v, flag: cell.f === "missing" ? null : cell.f, reason: cell.w || null };
  };

  /* Types into cells: [{at, text, flag, reason}]; one call is one step of undoing. Returns how many changed. */
  Model.prototype.change = function (list, silent) {
    var model = this, step = [];
    list.forEach(function (each) {
      var before = model.content(each.at);
      var after = { text: each.text, flag: each.flag === undefined ? null : each.flag, reason: each.reason || null };
      if (before.text === after.text && (after.flag === null || before.flag === after.flag) && (before.reason || "") === (after.reason || "")) { return; }
      step.push({ at: each.at, before: before, after: after });
    });
    if (!step.length) { return 0; }
    if (!silent) { this.past.push(step); this.future = []; }
    this.put(step, "after");
    return step.length;
  };
  Model.prototype.put = function (step, side) {
    var model = this;
    step.forEach(function (each) {
      var was = model.edits[each.at] || model.refused[each.at], wanted = each[side];
      delete model.refused[each.at]; delete model.clashes[each.at]; delete model.notes[each.at];
      model.edits[each.at] = { text: wanted.text, flag: wanted.flag, reason: wanted.reason, base: was ? was.base : model.base(each.at) };
    });
    this.keep();
    this.tell("cells", step.map(function (each) { return each.at; }));
    this.plan(IDLE);
  };
  Model.prototype.base = function (at) {
    var cell = this.cells[at];
    return cell ? { v: cell.v, f: cell.f, w: cell.w } : null;
  };
  Model.prototype.undo = function () {
    var step = this.past.pop();
    if (step) { this.future.push(step); this.put(step, "before"); }
    return step;
  };
  Model.prototype.redo = function () {
    var step = this.future.pop();
    if (step) { this.past.push(step); this.put(step, "after"); }
    return step;
  };

  /* Saving: one request at a time, some quiet time after the last key. */
  Model.prototype.plan = function (wait) {
    clearTimeout(this.timer);
    if (this.state === "closed") { this.say("closed"); return; }
    if (this.state === "offline" && this.flight) { this.say("offline"); return; }
    if (["offline", "login", "sending"].indexOf(this.state) < 0) { this.say("typing"); }
    this.timer = setTimeout(this.send.bind(this), wait);
  };
  Model.prototype.flush = function () { if (this.state !== "closed" && this.state !== "login" && !this.flight) { this.send(); } };
  Model.prototype.send = function () {
    clearTimeout(this.timer);
    if (this.busy || this.state === "closed") { return; }
    this.flight = this.flight || this.waiting.shift() || this.fresh();
    if (!this.flight) { this.say(this.unsaved() ? "left" : "saved"); return; }
    this.keep();
    if (this.state !== "offline") { this.say("sending"); }
    this.ask(this.flight);
  };
  Model.prototype.fresh = function () {
    var model = this, names = Object.keys(this.edits).slice(0, MOST), edits = {};
    names.forEach(function (at) { edits[at] = model.edits[at]; delete model.edits[at]; });
    return names.length ? { batch: grid.number(), revision: this.revision, edits: edits } : null;
  };
  Model.prototype.ask = function (flight) {
    var model = this, body = {
      batch: flight.batch, revision: flight.revision, facility: this.data.facility,
      edits: Object.keys(flight.edits).map(function (at) {
        var parts = at.split("|"), edit = flight.edits[at];
        return { item: parts[0], measure: parts[1], period: parts[2], text: edit.text, flag: edit.flag, reason: edit.reason };
      })
    };
    this.busy = true;
    grid.post(this.data.urls.save, body, PATIENCE).then(function (answer) {
      model.busy = false;
      model.answered(answer);
    }, function () { model.busy = false; model.lost(); });
  };
  Model.prototype.answered = function (answer) {
    var body = answer.body;
    if (answer.login) { this.told = ""; this.keep(); this.say("login"); return; }
    if (answer.status >= 500 || (!body && answer.status < 400)) { this.lost(); return; }
    this.tries = 0;
    body = body || { text: this.data.words.gone };
    if (answer.status === 200) { this.saved(body); return; }
    if (answer.status === 409) { this.rebase(body); return; }
    this.back();
    this.told = body.text;
    this.keep();
    this.say(answer.status === 400 || answer.status === 413 ? "wrong" : "closed");
  };
  /* The request or its answer was lost: the same batch again, later. */
  Model.prototype.lost = function () {
    this.tries += 1;
    this.keep();
    this.say("offline");
    clearTimeout(this.timer);
    this.timer = setTimeout(this.send.bind(this), Math.min(30000, 1000 * Math.pow(2, this.tries)));
  };
  Model.prototype.back = function () {
    var model = this, flight = this.flight;
    this.flight = null;
    Object.keys(flight.edits).forEach(function (at) { model.edits[at] = model.edits[at] || flight.edits[at]; });
  };
  Model.prototype.saved = function (body) {
    var model = this, flight = this.flight;
    this.flight = null;
    this.take(body);
    Object.keys(flight.edits).forEach(function (at) {
      if (body.refused[at]) { model.refuse(at, flight.edits[at], body.refused[at]); }
      // typed again meanwhile: it now stands on what was just written
      else if (model.edits[at] && (!body.again || grid.mine(model.cells[at], flight.edits[at]))) { model.edits[at].base = model.base(at); }
    });
    Object.keys(body.notes).forEach(function (at) { model.notes[at] = body.notes[at]; });
    if (body.again) { this.meet({}); }
    this.keep();
    this.tell("state");
    this.tell("saved", { ats: Object.keys(flight.edits), refused: body.refused, notes: body.notes });
    this.send();
  };
  Model.prototype.refuse = function (at, edit, why) {
    if (!this.edits[at]) { this.refused[at] = { text: edit.text, flag: edit.flag, reason: edit.reason, base: edit.base, why: why }; }
  };
  Model.prototype.take = function (body) {
    this.before = this.findings;
    this.revision = body.revision; this.cells = body.cells; this.findings = body.findings; this.gaps = body.gaps; this.clock = body.clock;
  };
  /* Somebody wrote meanwhile. What does not touch theirs is sent again by itself; the rest is asked. */
  Model.prototype.rebase = function (body) {
    this.back();
    this.take(body);
    this.meet(body.changes, body.events);
    this.keep();
    this.tell("state");
    this.tell("others", body);
    this.send();
  };
  Model.prototype.meet = function (changes, events) {
    var model = this;
    var last = (events || []).filter(function (event) { return !event.mine; }).pop() || (events || []).slice(-1)[0] || {};
    Object.keys(this.edits).forEach(function (at) {
      var edit = model.edits[at], now = model.cells[at];
      if (grid.same(edit.base, now)) { return; }
      delete model.edits[at];
      if (grid.mine(now, edit) && !edit.flag && !edit.reason) { return; }
      var change = changes[at] || last;
      model.clashes[at] = { edit: edit, base: edit.base, now: now || null, who: change.mine ? "" : change.who || "", when: change.when || "" };
    });
  };
  /* A dispute is settled: with what I typed, or with what stands there. */
  Model.prototype.settle = function (at, mine) {
    var clash = this.clashes[at];
    if (!clash) { return; }
    delete this.clashes[at];
    if (mine) { this.edits[at] = { text: clash.edit.text, flag: clash.edit.flag, reason: clash.edit.reason, base: this.base(at) }; }
    this.keep();
    this.tell("cells", [at]);
    this.send();
  };
  /* Leaves what could not be read, and shows again what is saved. */
  Model.prototype.forget = function (at) {
    delete this.refused[at];
    this.keep();
    this.tell("cells", [at]);
  };
  /* What others wrote meanwhile, while nothing of one's own is waiting. */
  Model.prototype.refresh = function () {
    var model = this;
    if (this.busy || this.unsaved() || (this.state !== "idle" && this.state !== "saved")) { return; }
    grid.get(this.data.urls.state + "?facility=" + encodeURIComponent(this.data.facility) + "&known=" + this.revision).then(function (answer) {
      var body = answer.body;
      if (answer.login || answer.status !== 200 || !body || body.same || model.busy || model.unsaved()) { return; }
      model.take(body);
      model.tell("state");
    }, function () { /* asked again later */ });
  };
  Model.prototype.say = function (state) { this.state = state; this.tell("status", state); };

  /* After a sign-in, or when the line is back: asks whether the server answers, and goes on. */
  Model.prototype.wake = function () {
    var model = this;
    if (this.busy || (this.state !== "login" && this.state !== "offline")) { return; }
    if (this.state === "offline") { this.send(); return; }
    grid.get(this.data.urls.state + "?facility=" + encodeURIComponent(this.data.facility)).then(function (answer) {
      if (answer.login || !answer.body) { return; }
      model.say("sending");
      model.send();
    }, function () { /* still away */ });
  };
})();
