/* A claim that waits for a worker asks again by itself; without a script the page reloads. Chrome 78, iOS 12. */
(function () {
  "use strict";

  var panel = document.querySelector("[data-wait]");
  if (!panel || !window.fetch) {
    return;
  }
  window.setInterval(function () {
    fetch(window.location.href, { credentials: "same-origin", cache: "no-store" })
      .then(function (answer) {
        // Proven leads to the ballot; refused or too late is no success.
        if (answer.redirected || !answer.ok) {
          window.location.replace(answer.redirected ? answer.url : window.location.href);
        }
      })
      .catch(function () {
        // The net is away for a moment: the next time asks again.
      });
  }, Number(panel.dataset.wait) * 1000);
})();
