/* Keeps what was written of a proposal until it is sent. Name and telephone are not kept: telephones and
   tablets are shared. Written for Chrome 78 and iOS 12; the pages work without it. */
(function () {
  "use strict";

  var KEPT = ["title", "place", "reason", "category"];
  var store;
  try {
    store = window.localStorage;
    store.setItem("voting-probe", "1");
    store.removeItem("voting-probe");
  } catch (refused) {
    return;
  }

  var done = document.querySelector("form[data-draft-done]");
  if (done) {
    done.addEventListener("submit", function () {
      // Whoever goes back to change something gets a filled form from the server.
      store.removeItem(done.dataset.draftDone);
    });
    return;
  }

  var form = document.querySelector("form[data-draft]");
  if (!form) {
    return;
  }
  var name = form.dataset.draft;

  var read = function () {
    var facts = {};
    KEPT.forEach(function (field) {
      facts[field] = form.elements[field] ? form.elements[field].value : "";
    });
    return facts;
  };
  var isEmpty = function (facts) {
    return KEPT.every(function (field) {
      return !facts[field];
    });
  };

  var draft = null;
  try {
    draft = JSON.parse(store.getItem(name));
  } catch (broken) {
    store.removeItem(name);
  }
  if (draft && isEmpty(read()) && !isEmpty(draft)) {
    KEPT.forEach(function (field) {
      if (draft[field] && form.elements[field]) {
        form.elements[field].value = draft[field];
      }
    });
    var note = document.querySelector("[data-draft-note]");
    if (note) {
      note.hidden = false;
    }
  }

  form.addEventListener("input", function () {
    try {
      store.setItem(name, JSON.stringify(read()));
    } catch (full) {
      store.removeItem(name);
    }
  });
})();
