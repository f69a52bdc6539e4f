/* The library's scripts; the pages work without them, by plain forms. */
import "./js/media-drop.js";
import "./js/image-editor.js";
