"""What a ticket is about, before anything is retrieved: language, topic, urgency, sentiment, sensitive topics, what is asked.
In comes a ticket, out goes `klark.values.triage.Triage`.
Read `triage` first; `model` runs the small model in its own process, `second_reader` uses the tenant's own model.
"""
