/* Sends one file to the library and tells what came of it: {answer} or {error: a sentence}. */
import { csrfToken } from "./htmx-setup.js";
import { said } from "./said.js";

export function upload(url, file, onProgress) {
  const request = new XMLHttpRequest();
  const body = new FormData();
  body.set("file", file, file.name);
  request.open("POST", url);
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("X-CSRFToken", csrfToken());
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) onProgress(Math.floor((event.loaded / event.total) * 100));
  });
  return new Promise((resolve) => {
    request.addEventListener("load", () => resolve(read(request)));
    request.addEventListener("error", () => resolve({ error: said.upload_offline }));
    request.addEventListener("abort", () => resolve({ error: said.upload_offline }));
    request.send(body);
  });
}

function read(request) {
  let answer = null;
  try {
    answer = JSON.parse(request.responseText);
  } catch {
    /* A page came: somebody is signed out, may not, or the server is in trouble. */
  }
  if (request.status === 200 && answer?.id) return { answer };
  if (answer?.error) return { error: answer.error };
  if (request.status === 200) return { error: said.upload_signed_out };
  if (request.status === 413) return { error: said.upload_too_large };
  return { error: said.upload_trouble };
}
