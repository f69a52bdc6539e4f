CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS users (
  id TEXT PRIMARY KEY, username TEXT NOT NULL COLLATE NOCASE UNIQUE, name TEXT NOT NULL,
  description TEXT NOT NULL, location TEXT NOT NULL, premium INTEGER NOT NULL, verified_type TEXT NOT NULL,
  protected INTEGER NOT NULL, followers INTEGER NOT NULL, created_ms INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS apps (
  client_id TEXT PRIMARY KEY, client_secret TEXT, consumer_key TEXT NOT NULL UNIQUE, consumer_secret TEXT NOT NULL,
  bearer_token TEXT NOT NULL UNIQUE, name TEXT NOT NULL, redirect_uris TEXT NOT NULL, can_write INTEGER NOT NULL,
  enterprise INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS oauth1_tokens (
  token TEXT PRIMARY KEY, secret TEXT NOT NULL, client_id TEXT NOT NULL, kind TEXT NOT NULL, user_id TEXT,
  callback TEXT, verifier TEXT, created_ms INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS oauth2_codes (
  code TEXT PRIMARY KEY, client_id TEXT NOT NULL, user_id TEXT NOT NULL, redirect_uri TEXT NOT NULL,
  challenge TEXT NOT NULL, scope TEXT NOT NULL, expires_ms INTEGER NOT NULL, used INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS oauth2_tokens (
  access TEXT PRIMARY KEY, refresh TEXT UNIQUE, client_id TEXT NOT NULL, user_id TEXT NOT NULL, scope TEXT NOT NULL,
  expires_ms INTEGER NOT NULL, refresh_used INTEGER NOT NULL DEFAULT 0, revoked INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS posts (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id INTEGER NOT NULL UNIQUE, author_id TEXT NOT NULL,
  received TEXT NOT NULL, shown TEXT NOT NULL, brief TEXT NOT NULL, entities TEXT NOT NULL, weight INTEGER NOT NULL,
  likeness TEXT NOT NULL, created_ms INTEGER NOT NULL, visible_ms INTEGER NOT NULL, deleted_ms INTEGER,
  reply_to INTEGER, reply_to_user TEXT, conversation_id INTEGER NOT NULL, quoted_id INTEGER, poll TEXT,
  reply_settings TEXT NOT NULL, extras TEXT NOT NULL, source TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS posts_by_author ON posts (author_id, id);
CREATE INDEX IF NOT EXISTS posts_by_likeness ON posts (author_id, likeness);
CREATE INDEX IF NOT EXISTS posts_by_parent ON posts (reply_to);
CREATE INDEX IF NOT EXISTS posts_by_conversation ON posts (conversation_id, id);
CREATE INDEX IF NOT EXISTS posts_by_quoted ON posts (quoted_id);
CREATE TABLE IF NOT EXISTS mentions (user_id TEXT NOT NULL, post_id INTEGER NOT NULL, PRIMARY KEY (user_id, post_id));
CREATE TABLE IF NOT EXISTS journal (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL,
  query TEXT NOT NULL, route TEXT NOT NULL, account TEXT, app TEXT, auth TEXT, body_sha256 TEXT NOT NULL,
  body_bytes INTEGER NOT NULL, fault TEXT, status INTEGER, outcome TEXT NOT NULL, took_ms REAL);
CREATE TABLE IF NOT EXISTS media (
  id INTEGER PRIMARY KEY, owner_id TEXT NOT NULL, co_owners TEXT NOT NULL, category TEXT NOT NULL, mime TEXT NOT NULL,
  total_bytes INTEGER NOT NULL, state TEXT NOT NULL, facts TEXT NOT NULL, sha256 TEXT, alt_text TEXT, subtitles TEXT NOT NULL,
  reason TEXT, expires_ms INTEGER NOT NULL, started_ms INTEGER, ready_ms INTEGER, polls_left INTEGER);
CREATE TABLE IF NOT EXISTS media_segments (
  media_id INTEGER NOT NULL, segment INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (media_id, segment));
CREATE TABLE IF NOT EXISTS post_media (
  post_id INTEGER NOT NULL, position INTEGER NOT NULL, media_id INTEGER NOT NULL, PRIMARY KEY (post_id, position));
CREATE TABLE IF NOT EXISTS edits (
  post_id INTEGER PRIMARY KEY, previous_id INTEGER NOT NULL UNIQUE, first_id INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS edits_by_first ON edits (first_id);
CREATE TABLE IF NOT EXISTS reposts (
  post_id INTEGER NOT NULL, user_id TEXT NOT NULL, repost_id INTEGER NOT NULL, PRIMARY KEY (post_id, user_id));
CREATE TABLE IF NOT EXISTS hidden (post_id INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS votes (
  post_id INTEGER NOT NULL, position INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (post_id, position));
CREATE TABLE IF NOT EXISTS late (
  post_id INTEGER NOT NULL, place TEXT NOT NULL, until_ms INTEGER NOT NULL, PRIMARY KEY (post_id, place));
CREATE TABLE IF NOT EXISTS follows (follower_id TEXT NOT NULL, followed_id TEXT NOT NULL, PRIMARY KEY (follower_id, followed_id));
CREATE TABLE IF NOT EXISTS purses (
  client_id TEXT PRIMARY KEY, credits INTEGER, cap INTEGER, cap_resets_ms INTEGER, owner_id TEXT,
  cycle_spent INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS charges (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, client_id TEXT NOT NULL, at_ms INTEGER NOT NULL, day TEXT NOT NULL,
  kind TEXT NOT NULL, once TEXT, what TEXT, micros INTEGER NOT NULL, UNIQUE (client_id, day, kind, once));
CREATE TABLE IF NOT EXISTS stream_rules (
  id INTEGER PRIMARY KEY, client_id TEXT NOT NULL, value TEXT NOT NULL, tag TEXT, UNIQUE (client_id, value));
CREATE TABLE IF NOT EXISTS subscriptions (
  id INTEGER PRIMARY KEY, client_id TEXT NOT NULL, event_type TEXT NOT NULL, user_id TEXT NOT NULL, tag TEXT,
  created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL);
