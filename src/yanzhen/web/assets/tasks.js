/* The scripts of tasks; the pages work without them, by plain links and forms. */
import "./js/task-board.js";
import "./js/task-parts.js";
