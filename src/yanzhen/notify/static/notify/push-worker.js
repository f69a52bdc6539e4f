/* Shows pushed news, and opens what it is about. It keeps nothing and fetches nothing. */
self.addEventListener("push", (event) => {
  let news = {};
  try {
    news = event.data.json();
  } catch {
    /* Not from us, or cut off: there is nothing to show. */
    return;
  }
  event.waitUntil(
    self.registration.showNotification(String(news.title ?? ""), {
      body: String(news.body ?? ""),
      tag: String(news.tag ?? ""),
      icon: "/static/logo.svg",
      data: { url: String(news.url ?? "/") },
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const wanted = new URL(event.notification.data?.url ?? "/", self.location.origin);
  /* Only ever to ourselves. */
  if (wanted.origin !== self.location.origin) return;
  event.waitUntil(
    self.clients.matchAll({ type: "window" }).then((open) => {
      const here = open.find((page) => page.url === wanted.href);
      return here ? here.focus() : self.clients.openWindow(wanted.href);
    }),
  );
});
