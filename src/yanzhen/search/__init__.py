"""Telling members what they should know: notices, their mails, and the banners above all pages."""
