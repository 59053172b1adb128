"""What a ticket is about, before anything is looked for: language, topic, urgency, sentiment, sensitive topics, what is asked.
In comes a ticket, out goes `klark.values.triage.Triage`.
Read `triage` first; `model` is the process that holds the small model, `second_reader` the tenant's own model.
"""
