/* What the grid's scripts share: asking the server, numbers for batches, comparing cells. */
(function () {
  "use strict";

  var PATIENCE = 20000, grid = window.hqGrid = {};

  grid.size = function (object) { return Object.keys(object).length; };
  grid.same = function (one, other) {
    one = one || {}; other = other || {};
    return (one.v || null) === (other.v || null) && (one.f || "") === (other.f || "") && (one.w || "") === (other.w || "");
  };
  grid.number = function () {
    if (window.crypto && crypto.randomUUID) { return crypto.randomUUID(); }
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = bytes[6] & 15 | 64; bytes[8] = bytes[8] & 63 | 128;
    var hex = Array.prototype.map.call(bytes, function (b) { return (b + 256).toString(16).slice(1); }).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  };
  grid.filled = function (text, places) {
    return text.replace(/\{(\w+)\}/g, function (whole, name) { return name in places ? places[name] : whole; });
  };
  grid.mine = function (cell, edit) { return Boolean(cell) && (cell.v === edit.text || (cell.r && cell.r === edit.text.trim())); };

  function cookie(name) {
    var found = document.cookie.split("; ").filter(function (part) { return part.indexOf(name + "=") === 0; })[0];
    return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
  }
  function ask(url, options, patience) {
    var stop = new AbortController(), timer = setTimeout(function () { stop.abort(); }, patience || PATIENCE);
    options.signal = stop.signal; options.credentials = "same-origin";
    return fetch(url, options).then(function (response) {
      var json = (response.headers.get("Content-Type") || "").indexOf("application/json") === 0;
      // nothing here answers with another page but the sign-in
      var login = response.redirected;
      return (json ? response.json() : Promise.resolve(null)).then(function (body) {
        clearTimeout(timer);
        return { status: response.status, body: body, login: login };
      });
    }, function (error) { clearTimeout(timer); throw error; });
  }
  grid.get = function (url) { return ask(url, { headers: { Accept: "application/json" } }); };
  /* The token is read each time: signing in again changes it. A refused one is tried once more with the new one. */
  grid.post = function (url, body, patience, last) {
    var headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": cookie("csrftoken") };
    return ask(url, { method: "POST", headers: headers, body: JSON.stringify(body) }, patience).then(function (answer) {
      if (answer.status !== 403 || answer.body) { return answer; }
      if (last) { answer.login = true; return answer; }
      return grid.get(url.replace(/[^/]+\/$/, "")).then(function (seen) { return seen.login ? seen : grid.post(url, body, patience, true); });
    });
  };
})();
