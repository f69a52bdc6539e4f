"""Signing in beyond a password: second factors, passkeys, proofs, and other houses' sign-in."""
