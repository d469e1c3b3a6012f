/* Where the report may no longer be changed: what was typed on the grid in this browser and never saved, to be read and
   copied. It stays where it is, for the grid to save once the report is open again (grid-keep.js). */
(function () {
  "use strict";

  var source = document.getElementById("grid-left"), box = document.querySelector("[data-grid=left]");
  if (!source || !box) { return; }
  var data = JSON.parse(source.textContent), list = box.querySelector("dl"), found = {};
  var shelf = ["hq-grid", data.university, data.round, data.unit, data.person].join(":") + ":";

  function take(record) {
    [record].concat(Array.isArray(record.flights) ? record.flights : []).forEach(function (some) {
      var edits = some && some.edits || {};
      Object.keys(edits).forEach(function (at) {
        var edit = edits[at], text = edit && (edit.text || edit.reason);
        if (typeof text === "string" && text) { found[record.facility + "|" + at] = [data.places[record.facility] || "", at, text]; }
      });
    });
  }
  function name(place, at) {
    var cut = at.lastIndexOf("|");
    return [place, data.names[at.slice(0, cut)] || at.slice(0, cut), data.names[at.slice(cut + 1)] || at.slice(cut + 1)].filter(Boolean).join(" ");
  }
  try {
    for (var n = 0; n < localStorage.length; n += 1) {
      var key = localStorage.key(n);
      if (key.indexOf(shelf) === 0) { try { take(JSON.parse(localStorage.getItem(key)) || {}); } catch (e) { /* none of ours */ } }
    }
  } catch (e) { return; /* storage refused: nothing was left */ }
  Object.keys(found).sort().forEach(function (key) {
    var what = document.createElement("dt"), text = document.createElement("dd");
    what.textContent = name(found[key][0], found[key][1]);
    text.textContent = found[key][2];
    list.append(what, text);
  });
  box.hidden = !list.childElementCount;
})();
