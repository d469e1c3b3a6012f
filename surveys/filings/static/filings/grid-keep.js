/* What is typed and not saved is kept in this browser as well: neither a lost line nor a closed page loses it. */
(function () {
  "use strict";

  var grid = window.hqGrid, Model = grid.Model, size = grid.size, BEAT = 5000, ORPHAN = 15000;

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
  /* Takes over what earlier pages left for this facility; returns how many cells, and {facility: cells} of others. */
  Model.prototype.adopt = function () {
    var model = this, found = 0, others = {};
    this.left().forEach(function (pair) {
      var record = pair[1], count = size(record.edits) + record.flights.reduce(function (n, f) { return n + size(f.edits); }, 0);
      if (record.facility !== model.data.facility) { others[record.facility] = (others[record.facility] || 0) + count; return; }
      found += count;
      model.waiting = model.waiting.concat(record.flights);
      Object.keys(record.edits).forEach(function (at) { model.edits[at] = model.edits[at] || record.edits[at]; });
      localStorage.removeItem(pair[0]);
    });
    if (found) {
      this.meet({}, []);
      this.keep();
      this.tell("state");
      this.send();
    }
    return { found: found, others: others };
  };
  Model.prototype.left = function () {
    var found = [];
    try {
      for (var n = 0; n < localStorage.length; n += 1) {
        var key = localStorage.key(n);
        if (key.indexOf(this.shelf) !== 0 || key === this.shelfKey) { continue; }
        var record = JSON.parse(localStorage.getItem(key));
        if (Date.now() - record.at > ORPHAN) { found.push([key, record]); }
      }
    } catch (e) { /* storage refused: nothing was left */ }
    return found;
  };
  Model.prototype.beat = function () {
    var model = this;
    setInterval(function () { if (model.unsaved()) { model.keep(); } }, BEAT);
  };
})();
