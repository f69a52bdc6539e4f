/* The calendar's scripts; the page works without them, by plain links and forms. */
import "./js/drag-day.js";
import "./js/drag-hour.js";
import "./js/pick-posts.js";
