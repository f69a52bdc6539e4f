/* The scripts of discussions; the page works without them, by plain links and forms. */
import "./js/discussion-panel.js";
import "./js/mention-field.js";
import "./js/post-presence.js";
