/* What is typed and not saved is kept in this browser as well: neither a lost line nor a closed page loses it. */
(function () {
  "use strict";

  var grid = window.hqGrid, Model = grid.Model, size = grid.size, BEAT = 5000, ORPHAN = 15000;
  var NUMBER = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, FLAGS = ["", "estimated", "missing", "not_applicable"];

  /* What is not saved is kept in this browser, under this page's own name; another page of the person may take over
     what a closed one has left. */
  Model.prototype.keep = function (leaving) {
    try {
      if (!this.unsaved()) { localStorage.removeItem(this.shelfKey); this.kept = true; return; }
      var flights = (this.flight ? [this.flight] : []).concat(this.waiting), edits = {}, model = this;
      Object.keys(this.clashes).forEach(function (at) { edits[at] = model.clashes[at].edit; });
      [this.refused, this.edits].forEach(function (some) { Object.keys(some).forEach(function (at) { edits[at] = some[at]; }); });
      localStorage.setItem(this.shelfKey, JSON.stringify({ facility: this.data.facility, revision: this.revision, edits: edits, flights: flights, at: leaving ? 0 : Date.now() }));
      this.kept = true;
    } catch (e) { this.kept = false; /* no room, or storage refused: leaving the page asks */ }
  };
  /* Takes over what earlier pages left for this facility: how many cells, how many of places the form does not have
     (they are let go), and {facility: cells} of others. */
  Model.prototype.adopt = function () {
    var model = this, found = 0, gone = 0, others = {};
    this.left().forEach(function (pair) {
      var record = pair[1], count = size(record.edits) + record.flights.reduce(function (n, f) { return n + size(f.edits); }, 0);
      if (record.facility !== model.data.facility) { if (count) { others[record.facility] = (others[record.facility] || 0) + count; } return; }
      gone += [record].concat(record.flights).reduce(function (n, some) { return n + model.letGo(some.edits); }, 0);
      var flights = record.flights.filter(function (flight) { return size(flight.edits); });
      found += size(record.edits) + flights.reduce(function (n, f) { return n + size(f.edits); }, 0);
      model.waiting = model.waiting.concat(flights);
      Object.keys(record.edits).forEach(function (at) { model.edits[at] = model.edits[at] || record.edits[at]; });
      localStorage.removeItem(pair[0]);
    });
    if (found) {
      this.meet({}, []);
      this.keep();
      this.tell("state");
      this.send();
    }
    return { found: found, gone: gone, others: others };
  };
  /* Takes out of `edits` what has no place in this form; how many. */
  Model.prototype.letGo = function (edits) {
    var data = this.data, strange = Object.keys(edits).filter(function (at) {
      var cut = at.lastIndexOf("|");
      return !data.columns.some(function (c) { return c.key === at.slice(0, cut); }) || !data.rows.some(function (r) { return r.key === at.slice(cut + 1); });
    });
    strange.forEach(function (at) { delete edits[at]; });
    return strange.length;
  };
  Model.prototype.left = function () {
    var found = [], keys = [];
    try {
      for (var n = 0; n < localStorage.length; n += 1) { keys.push(localStorage.key(n)); }
      for (n = 0; n < keys.length; n += 1) {
        var mine = keys[n].indexOf(this.shelf) === 0 && keys[n] !== this.shelfKey, record = mine ? readable(localStorage.getItem(keys[n])) : null;
        if (record && Date.now() - record.at > ORPHAN) { found.push([keys[n], record]); }
      }
    } catch (e) { /* storage refused: nothing was left */ }
    return found;
  };
  Model.prototype.beat = function () {
    var model = this;
    setInterval(function () { if (model.unsaved()) { model.keep(); } }, BEAT);
  };

  /* A record as this version of the page writes it, whatever wrote it; null for what is none. */
  function readable(text) {
    var found;
    try { found = JSON.parse(text); } catch (e) { return null; }
    if (!found || typeof found !== "object" || typeof found.facility !== "string") { return null; }
    var record = { facility: found.facility, at: Number(found.at) || 0, edits: editsIn(found.edits), flights: [] };
    (Array.isArray(found.flights) ? found.flights : []).forEach(function (flight) {
      var edits = editsIn(flight && flight.edits);
      if (flight && NUMBER.test(flight.batch) && flight.revision > 0 && flight.revision % 1 === 0) {
        record.flights.push({ batch: flight.batch, revision: flight.revision, edits: edits });
        return;
      }
      // a batch that cannot be sent as it is goes as a new one
      Object.keys(edits).forEach(function (at) { record.edits[at] = record.edits[at] || edits[at]; });
    });
    return record;
  }
  function editsIn(found) {
    var edits = {};
    Object.keys(found && typeof found === "object" ? found : {}).forEach(function (at) {
      var edit = found[at];
      if (!edit || typeof edit.text !== "string") { return; }
      edits[at] = {
        text: edit.text.slice(0, 200), flag: FLAGS.indexOf(edit.flag) >= 0 ? edit.flag : null,
        reason: typeof edit.reason === "string" ? edit.reason.slice(0, 500) : null,
        base: edit.base && typeof edit.base === "object" ? edit.base : null
      };
    });
    return edits;
  }
})();
