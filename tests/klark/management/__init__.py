"""Tests of the commands' own folders."""
