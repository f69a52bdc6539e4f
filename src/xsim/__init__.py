"""A small fake of the X API, for the demo and for tests.

It stands on the standard library and uvicorn alone and knows nothing of the product that talks to
it, so that a mistake in the client is not repeated, and therefore hidden, here.
"""
