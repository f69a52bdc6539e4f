/* The board's scripts; the page works without them, by plain links and forms. */
import "./js/task-board.js";
