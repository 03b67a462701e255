/* The screen of a polling place draws itself anew each minute; without a script the page reloads.
   A code that can no longer be renewed is taken off the screen. Chrome 78, iOS 12. */
(function () {
  "use strict";

  var AGAIN = 5;
  var main = document.querySelector("[data-screen]");
  if (!main || !window.fetch || !window.DOMParser) {
    return;
  }
  var ends = 0;

  var count = function (seconds) {
    ends = Date.now() + seconds * 1000;
    show();
  };

  var show = function () {
    var left = main.querySelector("[data-left]");
    if (left) {
      left.textContent = left.dataset.words.replace("##", String(Math.max(1, Math.ceil((ends - Date.now()) / 1000))));
    }
  };

  var lose = function () {
    var section = main.querySelector("section");
    if (section) {
      section.hidden = true;
    }
    main.querySelector("[data-lost]").hidden = false;
    count(AGAIN);
  };

  var draw = function () {
    fetch(window.location.href, { credentials: "same-origin", cache: "no-store" })
      .then(function (answer) {
        if (!answer.ok) {
          throw new Error("no screen");
        }
        return answer.text();
      })
      .then(function (html) {
        var fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-screen]");
        main.innerHTML = fresh.innerHTML;
        count(Number(fresh.dataset.seconds));
      })
      .catch(lose);
  };

  count(Number(main.dataset.seconds));
  window.setInterval(function () {
    if (Date.now() >= ends) {
      // Until the answer is there, nothing else is asked.
      ends = Date.now() + 60000;
      draw();
    } else {
      show();
    }
  }, 500);
})();
