"""Tests of the first hour."""
