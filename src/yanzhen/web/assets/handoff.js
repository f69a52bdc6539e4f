/* The scripts of handoffs; the pages work without them, by plain links and forms. */
import "./js/video-note.js";
