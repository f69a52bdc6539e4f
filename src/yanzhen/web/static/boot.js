/* Runs before the first paint: puts the reader's own choices on <html>, so that
   no page flashes in the wrong colours. Kept out of the bundle because it must block. */
(function () {
  var root = document.documentElement;
  root.dataset.js = "on";
  try {
    ["theme", "density", "keys"].forEach(function (name) {
      var value = localStorage.getItem("yanzhen-" + name);
      if (value) root.dataset[name] = value;
    });
  } catch (refused) {
    /* Storage is blocked: the system's theme is right enough. */
  }
})();
