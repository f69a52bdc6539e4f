"""The engine under a seeded scheduler, a virtual clock and an X that lies (promise P4).

``world`` hands one baton between worker processes and people and owns the time, ``remote`` is X
with a ledger the product cannot read, ``staff`` are the workers and people, ``judge`` says what was
broken, ``mutants`` breaks the engine on purpose, and ``runs`` plays one seed.
"""
