"""Drafts a reply that rests on the passages found, and has a judge read it a second time.
In come ticket, triage and passages; out go `DraftAnswer` and `JudgeReading` (`klark.values.draft`).
Read `request` and `prompt` first, then `draft` and `judge`; `judge_qualification` says when a judge's opinion counts.
"""
