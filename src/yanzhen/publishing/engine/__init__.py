"""The engine: one approved text becomes one post on X, whatever dies in between.

Read in this order: claim, prepare, intent, send, outcome; then reconcile and reaper for what went
wrong. Only ``send.send_once`` may reach X's write hosts, and only behind an intent on disk.
"""
