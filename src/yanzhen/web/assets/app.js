/* Everything a page does beyond plain links and forms. Each part works alone. */
import "./js/htmx-setup.js";
import "./js/opener.js";
import "./js/theme-switch.js";
import "./js/toast-region.js";
import "./js/time-left.js";
import "./js/city-clock.js";
import "./js/list-cursor.js";
import "./js/pick-many.js";
import "./js/keys.js";
import "./js/key-list.js";
import "./js/command-palette.js";
import "./js/live.js";
import "./js/unsaved.js";
import "./js/copy.js";
import "./js/drop-menu.js";
import "./js/pick-time.js";
import "./js/print.js";
