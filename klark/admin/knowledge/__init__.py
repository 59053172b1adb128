"""The pages of knowledge: articles, sources, topics, and gaps.
In come rows of `klark.knowledge`, out go corrections by the lead.
Read `articles` first.
"""
