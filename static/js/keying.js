/* Keying without a hand on the mouse: Enter leads on, the list lights up, nothing is lost when the network fails.
   The server reads and checks everything again. Chrome 78. */
(function () {
  "use strict";

  var form = document.querySelector("form[data-keying]");
  if (!form || !window.fetch) {
    return;
  }
  var serial = form.elements.serial;
  var ticks = form.elements.ticks;
  var said = form.dataset;
  var told = form.querySelector("[data-told]");
  var count = form.querySelector("[data-count]");
  var list = document.querySelector("[data-sent-list]");
  var speed = document.querySelector("[data-speed]");
  var width = Number(said.width);
  var lines = {};
  Array.prototype.forEach.call(document.querySelectorAll("[data-number]"), function (line) {
    lines[line.dataset.number] = line;
  });
  var asksBlank = false;
  var waiting = null;
  var times = [];

  var tell = function (words, tone) {
    told.textContent = words;
    told.className = "told" + (tone ? " " + tone : "");
  };

  var half = function (text) {
    return text.replace(/[\uff01-\uff5e]/g, function (char) {
      return String.fromCharCode(char.charCodeAt(0) - 0xfee0);
    });
  };

  // ISO 7064 MOD 11,10 over eight digits and their check digit.
  var fits = function (digits) {
    var rest = 5;
    for (var at = 0; at < digits.length; at += 1) {
      rest = ((((rest || 10) * 2) % 11) + Number(digits[at])) % 10;
    }
    return rest === 1;
  };

  var serialIsGood = function () {
    var digits = half(serial.value).replace(/^(no|№)[.:]?/i, "").replace(/[\s\-_.·—]/g, "");
    // A scanned code is longer; only the server reads it.
    return /\/b\//i.test(serial.value) || (/^\d{9}$/.test(digits) && fits(digits));
  };

  // Returns {numbers: {5: "on", 7: "doubt"}, whole: true, wrong: ["saidUnknown", 13]}.
  var read = function (text) {
    var seen = { numbers: {}, whole: false, wrong: null, size: 0 };
    var tidy = half(text).toLowerCase().replace(/\//g, "?").trim();
    var sign = /\*[a-z1-3]?$/.exec(tidy);
    if (sign) {
      seen.whole = true;
      tidy = tidy.slice(0, sign.index);
    }
    tidy.split(/[\s,.+;、。]+/).forEach(function (part) {
      if (part.replace(/\d+\??/g, "")) {
        seen.wrong = seen.wrong || ["saidUnreadable", part];
        return;
      }
      (part.match(/\d+\??/g) || []).forEach(function (token) {
        var doubt = token.slice(-1) === "?";
        var digits = doubt ? token.slice(0, -1) : token;
        if (digits.length > width && digits.length % width) {
          seen.wrong = seen.wrong || ["saidUnreadable", digits];
        }
        for (var at = 0; at < digits.length; at += width) {
          var number = String(Number(digits.slice(at, at + width)));
          if (!lines[number]) {
            seen.wrong = seen.wrong || ["saidUnknown", number];
          } else if (seen.numbers[number]) {
            seen.wrong = seen.wrong || ["saidTwice", number];
          } else {
            seen.numbers[number] = doubt && at + width >= digits.length ? "doubt" : "on";
            seen.size += 1;
          }
        }
      });
    });
    return seen;
  };

  // In 万元, nothing rounded off, as figures.exact_wan writes it.
  var money = function (cents) {
    return (cents / 1000000).toFixed(6).replace(/0{1,4}$/, "") + " 万元";
  };

  var light = function () {
    var seen = read(ticks.value);
    var sum = 0;
    Object.keys(lines).forEach(function (number) {
      lines[number].className = seen.numbers[number] || "";
      // Doubt is for whoever decides; only ticks count.
      sum += seen.numbers[number] === "on" ? Number(lines[number].dataset.cost || 0) : 0;
    });
    count.textContent = said.saidCount.replace("{n}", seen.size).replace("{m}", said.most)
      .replace("{s}", money(sum)) + (sum > Number(said.limit || sum) ? "。" + said.saidOver : "");
    return seen;
  };

  var refuse = function (field, words) {
    tell(words, "bad");
    field.focus();
    field.select();
  };

  var restore = function (sent, field, words) {
    // What was begun of the next paper is typed anew; the one that failed is the one that matters.
    serial.value = sent.serial;
    ticks.value = sent.ticks;
    light();
    refuse(field === "serial" ? serial : ticks, words);
  };

  var note = function (answer) {
    var row = document.createElement("li");
    row.textContent = answer.serial.replace(/(\d{3})(?=\d)/g, "$1 ") + "　" + answer.said;
    list.parentNode.hidden = false;
    list.insertBefore(row, list.firstChild);
    if (list.children.length > 5) {
      list.removeChild(list.lastChild);
    }
    times.push(Date.now());
    times = times.slice(-21);
    if (speed && times.length > 2) {
      var minutes = (times[times.length - 1] - times[0]) / 60000;
      speed.textContent = said.saidSpeed.replace("{n}", Math.floor((times.length - 1) / minutes));
    }
  };

  var take = function (answer) {
    form.elements.csrf_token.value = answer.csrf;
    Object.keys(answer.progress).forEach(function (name) {
      var place = document.querySelector('[data-progress="' + name + '"]');
      if (place) {
        place.textContent = answer.progress[name];
      }
    });
  };

  var send = function () {
    var sent = { serial: serial.value, ticks: ticks.value };
    var facts = new URLSearchParams(new FormData(form));
    var request = {
      method: "POST",
      body: facts,
      credentials: "same-origin",
      headers: { Accept: "application/json" },
    };
    serial.value = "";
    ticks.value = "";
    form.elements.blank.value = "";
    asksBlank = false;
    light();
    serial.focus();
    tell(said.saidSending, "");
    waiting = fetch(form.action, request)
      .then(function (answer) {
        if (!/json/.test(answer.headers.get("Content-Type") || "")) {
          var out = answer.redirected || answer.status === 400;
          restore(sent, "ticks", out ? said.saidSignedOut : said.saidOffline);
          return null;
        }
        return answer.json();
      })
      .then(function (answer) {
        if (!answer) {
          return false;
        }
        take(answer);
        if (answer.after === "refused") {
          restore(sent, answer.field, answer.said);
          return false;
        }
        tell(answer.said, answer.after === "first" || answer.after === "entered" ? "good" : "warn");
        note(answer);
        return true;
      })
      .catch(function () {
        restore(sent, "ticks", said.saidOffline);
        return false;
      })
      .then(function (arrived) {
        waiting = null;
        return arrived;
      });
  };

  var submit = function () {
    if (waiting) {
      waiting.then(function (arrived) {
        if (arrived) {
          submit();
        }
      });
      return;
    }
    if (!serialIsGood()) {
      refuse(serial, said.saidSerial);
      return;
    }
    var seen = read(ticks.value);
    if (seen.wrong) {
      refuse(ticks, said[seen.wrong[0]].replace("{n}", seen.wrong[1]));
      return;
    }
    if (!seen.size && !seen.whole && !asksBlank) {
      asksBlank = true;
      tell(said.saidBlank, "warn");
      ticks.focus();
      return;
    }
    form.elements.blank.value = seen.size || seen.whole ? "" : "yes";
    send();
  };

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    delete form.dataset.sent;
    submit();
  });
  serial.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      if (serialIsGood()) {
        tell("", "");
        ticks.focus();
      } else {
        refuse(serial, said.saidSerial);
      }
    }
  });
  ticks.addEventListener("keydown", function (event) {
    // A key held down too long is no second Enter.
    if (event.key === "Enter" && event.repeat) {
      event.preventDefault();
    }
  });
  ticks.addEventListener("input", function () {
    asksBlank = false;
    light();
  });
  form.addEventListener("keydown", function (event) {
    if (event.key === "Escape") {
      serial.value = "";
      ticks.value = "";
      asksBlank = false;
      light();
      tell("", "");
      serial.focus();
    }
  });
  light();
  // A browser sees to autofocus only when it draws; whoever types at once would type into nothing.
  if (document.activeElement === document.body) {
    (serial.value ? ticks : serial).focus();
  }
})();
