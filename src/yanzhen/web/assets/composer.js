/* The composer's scripts; the page works without them, by plain forms. */
import "./js/weighted_count.js";
import "./js/thread_editor.js";
import "./js/x_preview.js";
import "./js/autosave.js";
import "./js/copy_text.js";
import "./js/brand_fix.js";
